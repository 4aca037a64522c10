package dashboard

import (
	"net/http"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showSignInCode handles GET /sign-in/code.
func (h *Handler) showSignInCode(c echo.Context) error {
	return h.signInCodePage(c, http.StatusOK, c.QueryParam("with") == "recovery", "")
}

// signInCodePage asks for the second step of the sign-in that is under way in this browser.
func (h *Handler) signInCodePage(c echo.Context, status int, recovery bool, problem string) error {
	u, ok, err := h.Sessions.UnderWay(c)
	if err != nil {
		return err
	}
	if !ok || !u.First {
		return h.seeOther(c, paths.SignIn(""))
	}
	admin, err := h.Store.Admin(c.Request().Context(), u.Admin)
	if err != nil {
		return h.seeOther(c, paths.SignIn(""))
	}
	_, _, why := h.Sessions.PasskeyPlace(c)
	return h.render(c, status, pages.SignInCode(pages.SignInCodeView{Theme: theme(c), Code: admin.HasCode, Passkey: admin.Passkeys > 0 && why == "", Recovery: recovery,
		Error: problem, Foot: "Guestlist " + h.Version}))
}

// signInWithCode handles POST /sign-in/code.
func (h *Handler) signInWithCode(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	recovery := f.text("with") == "recovery"
	next, err := h.Sessions.SignInWithCode(c, strings.TrimSpace(f.text("code")), recovery)
	if e := chat.AsError(err); e != nil {
		if e.Code == chat.Unauthenticated {
			return h.seeOther(c, paths.SignIn(""))
		}
		web.RetryAfter(c, e)
		text := e.Error()
		if e.Code == chat.Invalid {
			text = "That code " + fieldErrors(e)["code"] + "."
		}
		return h.signInCodePage(c, web.Status(e), recovery, text)
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, localPath(next, paths.Home()))
}

// signInPasskeyOptions handles POST /sign-in/passkey/options: for the sign-in that is under way, else for anybody.
func (h *Handler) signInPasskeyOptions(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	u, ok, err := h.Sessions.UnderWay(c)
	if err != nil {
		return err
	}
	if !ok || !u.First {
		u = auth.UnderWay{Next: localPath(f.text("next"), "")}
	}
	options, err := h.Sessions.AskPasskey(c, u)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, options)
}

// signInWithPasskey handles POST /sign-in/passkey.
func (h *Handler) signInWithPasskey(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	next, err := h.Sessions.SignInWithPasskey(c, f.text("passkey"))
	if refused(err) {
		v := h.signInView(c, localPath(f.text("next"), ""))
		v.Error = "The passkey was not accepted. Try again, or sign in another way."
		return h.render(c, http.StatusUnprocessableEntity, pages.SignIn(v))
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, localPath(next, paths.Home()))
}

// showSecondStep handles GET /account/second-step.
func (h *Handler) showSecondStep(c echo.Context) error {
	frame, err := h.page(c, "Second step", layouts.NavAccount)
	if err != nil {
		return err
	}
	rules, err := h.Store.TeamRules(c.Request().Context())
	if err != nil {
		return err
	}
	_, _, why := h.Sessions.PasskeyPlace(c)
	return h.render(c, http.StatusOK, pages.SecondStep(pages.SecondStepView{Frame: frame, Required: rules.SecondStep, KeysWhy: why}))
}

// showCode handles GET /account/code. The secret is kept by the page until a code proves that the app has it.
func (h *Handler) showCode(c echo.Context) error {
	key, err := auth.NewCode(who(c).Email, h.host(c))
	if err != nil {
		return err
	}
	return h.codePage(c, http.StatusOK, key.URL(), chat.Secret(key.Secret()), "")
}

func (h *Handler) codePage(c echo.Context, status int, address string, secret chat.Secret, problem string) error {
	frame, err := h.page(c, "Authenticator app", layouts.NavAccount)
	if err != nil {
		return err
	}
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return err
	}
	return h.render(c, status, pages.Code(pages.CodeView{Frame: frame, QR: pages.QR(code), Secret: secret, Error: problem}))
}

// setCode handles POST /account/code.
func (h *Handler) setCode(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Code(), func(me chat.Actor) error {
		key, err := auth.CodeKey(who(c).Email, h.host(c), f.text("secret"))
		if err != nil {
			return err
		}
		secret := chat.Secret(key.Secret())
		step, err := h.Sessions.ProveCode(secret, f.text("code"))
		if err != nil {
			return h.codePage(c, http.StatusUnprocessableEntity, key.URL(), secret, fieldErrors(err)["code"])
		}
		codes, err := h.Store.SetCode(c.Request().Context(), me, me.ID, secret, step)
		return h.secured(c, codes, "Authenticator app turned on.", err)
	})
}

// secured shows recovery codes, where there are new ones, else goes back to the account.
func (h *Handler) secured(c echo.Context, codes []chat.Secret, text string, err error) error {
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		return h.accountPage(c, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	if len(codes) == 0 {
		return h.toAccount(c, text)
	}
	return h.recoveryPage(c, codes, paths.Account())
}

func (h *Handler) recoveryPage(c echo.Context, codes []chat.Secret, next string) error {
	frame, err := h.page(c, "Recovery codes", layouts.NavAccount)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.Recovery(pages.RecoveryView{Frame: frame, Codes: codes, Next: next}))
}

// removeCode handles POST /account/code/remove.
func (h *Handler) removeCode(c echo.Context) error {
	return h.own(c, func(me chat.Actor, _ form) error {
		return h.secured(c, nil, "Authenticator app turned off.", h.Store.RemoveCode(c.Request().Context(), me, me.ID))
	})
}

// makeRecoveryCodes handles POST /account/recovery-codes.
func (h *Handler) makeRecoveryCodes(c echo.Context) error {
	return h.own(c, func(me chat.Actor, _ form) error {
		codes, err := h.Store.NewRecoveryCodes(c.Request().Context(), me, me.ID)
		return h.secured(c, codes, "", err)
	})
}

// recoveryFile handles POST /account/recovery-codes/file: the codes that the page shows, as a file.
func (h *Handler) recoveryFile(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="guestlist-recovery-codes.txt"`)
	return c.String(http.StatusOK, "Guestlist recovery codes of "+who(c).Email+". Each works once.\n"+strings.Join(f.all("codes"), "\n")+"\n")
}

// passkeyOptions handles POST /account/passkeys/options.
func (h *Handler) passkeyOptions(c echo.Context) error {
	options, err := h.Sessions.NewPasskey(c, who(c).Admin, "")
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, options)
}

// addPasskey handles POST /account/passkeys.
func (h *Handler) addPasskey(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if !who(c).Recent(h.Store.Now()) { // the passkey in the form is a new one and proves nothing
		return h.provePage(c, http.StatusUnprocessableEntity, pages.ProofView{Action: paths.Confirm(paths.Account()), Back: paths.Account()})
	}
	key, err := h.Sessions.MadePasskey(c, f.text("passkey"), f.text("name"), "")
	if err == nil && key.Admin != who(c).ID {
		err = chat.InvalidField("passkey", "was made for somebody else")
	}
	var codes []chat.Secret
	if err == nil {
		codes, err = h.Store.AddPasskey(c.Request().Context(), actor(c), key)
	}
	if refused(err) {
		return h.accountPage(c, http.StatusUnprocessableEntity, err)
	}
	return h.secured(c, codes, "Passkey added.", err)
}

// removePasskey handles POST /account/passkeys/:passkey/remove.
func (h *Handler) removePasskey(c echo.Context) error {
	id, err := web.Text(c, "passkey")
	if err != nil {
		return err
	}
	return h.own(c, func(me chat.Actor, _ form) error {
		return h.secured(c, nil, "Passkey removed.", h.Store.RemovePasskey(c.Request().Context(), me, me.ID, id))
	})
}

// own runs a change of the admin's own way in, once they proved who they are.
func (h *Handler) own(c echo.Context, do func(chat.Actor, form) error) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Account(), func(me chat.Actor) error { return do(me, f) })
}
