package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
)

// config is every option that all commands share, with its environment twin, default and check.
type config struct {
	Data string `help:"Directory of the database and its key." default:"data" env:"GUESTLIST_DATA"`
	Demo bool   `help:"Work on sample data, kept beside the data directory. Serving makes it and prints a sign-in."`
	Log  string `help:"How much to log: debug, info, warn or error." default:"info" env:"GUESTLIST_LOG" enum:"debug,info,warn,error"`
}

// serveConfig is what serving needs beside. Its flags stand beside the shared ones, since serving is what the program does
// without a command.
type serveConfig struct {
	Addr           string   `help:"Address to listen on. Port 0 takes a free one." default:"127.0.0.1:8080" env:"GUESTLIST_ADDR"`
	PublicURL      string   `help:"Where browsers and backends reach this server, for example https://chat.example.com. Needed behind a proxy and for any name but localhost." env:"GUESTLIST_PUBLIC_URL" placeholder:"URL"`
	TrustedProxies []string `help:"Addresses or networks of proxies whose X-Forwarded-For is believed." env:"GUESTLIST_TRUSTED_PROXIES" placeholder:"CIDR"`

	OIDCIssuer     string `name:"oidc-issuer" help:"Issuer of an OpenID Connect provider that admins sign in through, for example https://id.example.com/realms/main." env:"GUESTLIST_OIDC_ISSUER" placeholder:"URL"`
	OIDCClientID   string `name:"oidc-client-id" help:"Client id of this server at the provider. The secret is in GUESTLIST_OIDC_CLIENT_SECRET or a file." env:"GUESTLIST_OIDC_CLIENT_ID" placeholder:"ID"`
	OIDCSecretFile string `name:"oidc-client-secret-file" help:"File with the client secret." env:"GUESTLIST_OIDC_CLIENT_SECRET_FILE" placeholder:"FILE" type:"path"`
	OIDCDomain     string `name:"oidc-domain" help:"Let in only e-mail addresses of this domain." env:"GUESTLIST_OIDC_DOMAIN" placeholder:"DOMAIN"`
	OIDCName       string `name:"oidc-name" help:"What the sign-in button calls the provider." default:"single sign-on" env:"GUESTLIST_OIDC_NAME"`
}

// dir is the data directory that the command works on.
func (c config) dir() string {
	if c.Demo {
		return c.Data + "-demo"
	}
	return c.Data
}

func (c config) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log)) // kong checked it
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// Validate says what is wrong before anything is opened.
func (c serveConfig) Validate() error {
	if _, _, err := c.parsed(); err != nil {
		return err
	}
	_, err := c.sso()
	return err
}

// sso is the provider that admins sign in through; nil without one.
func (c serveConfig) sso() (*auth.SSO, error) {
	if c.OIDCIssuer == "" {
		return nil, nil
	}
	u, err := url.Parse(c.OIDCIssuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1") {
		return nil, fmt.Errorf("--oidc-issuer %q: needs an https address", c.OIDCIssuer)
	}
	if c.OIDCClientID == "" {
		return nil, errors.New("--oidc-issuer needs --oidc-client-id too")
	}
	secret := os.Getenv("GUESTLIST_OIDC_CLIENT_SECRET")
	if c.OIDCSecretFile != "" {
		b, err := os.ReadFile(c.OIDCSecretFile)
		if err != nil {
			return nil, fmt.Errorf("--oidc-client-secret-file: %w", err)
		}
		secret = strings.TrimSpace(string(b))
	}
	return &auth.SSO{Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, Secret: chat.Secret(secret), Domain: c.OIDCDomain, Name: c.OIDCName}, nil
}

// parsed are the options that have a form of their own.
func (c serveConfig) parsed() (publicURL string, proxies []netip.Prefix, err error) {
	if publicURL, err = c.publicURL(); err != nil {
		return "", nil, err
	}
	proxies, err = c.trustedProxies()
	return publicURL, proxies, err
}

// publicURL checks the public address and takes the slash off its end.
func (c serveConfig) publicURL() (string, error) {
	if c.PublicURL == "" {
		return "", nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("--public-url %q: needs scheme and host only, for example https://chat.example.com", c.PublicURL)
	}
	return u.Scheme + "://" + u.Host, nil
}

func (c serveConfig) trustedProxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range c.TrustedProxies {
		p, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			addr, err := netip.ParseAddr(strings.TrimSpace(text))
			if err != nil {
				return nil, fmt.Errorf("--trusted-proxies %q: needs an address or a network, for example 10.0.0.0/8", text)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		all = append(all, p)
	}
	return all, nil
}
