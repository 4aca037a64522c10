package main

import (
	_ "github.com/a-h/templ"
	_ "github.com/alecthomas/kong"
	_ "github.com/gofrs/flock"
	_ "github.com/golang-jwt/jwt/v5"
	_ "github.com/gorilla/sessions"
	_ "github.com/labstack/echo/v4"
	_ "github.com/pressly/goose/v3"
	_ "golang.org/x/crypto/argon2"
	_ "golang.org/x/text/cases"
	_ "golang.org/x/time/rate"
	_ "modernc.org/sqlite"
)

func main() {}
