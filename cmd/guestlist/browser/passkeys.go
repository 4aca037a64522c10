package browser

import (
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator gives the tab a device that makes and keeps passkeys, and whose owner is always there.
func (tab *Tab) Authenticator() {
	tab.t.Helper()
	_, err := chromedp.Call(tab.ctx, webauthn.Enable, webauthn.EnableParams{})
	tab.must(err)
	_, err = chromedp.Call(tab.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	tab.must(err)
}
