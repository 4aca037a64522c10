# Targets of Guestlist. `make help` lists them.
export CGO_ENABLED ?= 0

GENERATED = static/css/guestlist.min.css static/fonts static/img/icons.svg static/js/htmx.min.js static/LICENSES.txt static/sdk/dist ':(glob)views/**/*_templ.go'

.DEFAULT_GOAL := help
.PHONY: help run dev test test-sdk lint bench fuzz screens generate generate-check

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

node_modules:
	npm install --no-save

generate: node_modules ## write everything that is generated and committed: templates, CSS, icons, fonts, the SDK
	go tool templ fmt -v=false views
	go tool templ generate
	node static/build.mjs
	npx @tailwindcss/cli --minify -i static/css/guestlist.css -o static/css/guestlist.min.css

generate-check: generate ## fail when a generated file is not what its source says
	git diff --exit-code --stat -- $(GENERATED) ':(glob)views/**/*.templ'
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); test -z "$$new" || { echo "not committed: $$new"; exit 1; }

run: ## serve on 127.0.0.1:8080 with the data in ./data
	go run ./cmd/guestlist

dev: node_modules ## serve the demo and reload the browser on save, at 127.0.0.1:7331
	npx @tailwindcss/cli --minify --watch=always -i static/css/guestlist.css -o static/css/guestlist.min.css & \
	trap "kill $$!" EXIT; \
	go tool templ generate --watch --watch-pattern='\.go$$|\.templ$$|static/css/.*\.min\.css$$|static/js/.*\.js$$|static/sdk/dist/' --proxy=http://127.0.0.1:8080 --open-browser=false --cmd="go run ./cmd/guestlist --demo"

test: ## install what is missing, then run every check and test
	.ci/install
	$(MAKE) --no-print-directory lint generate-check test-sdk
	CGO_ENABLED=1 go test -race -timeout 40m ./...

test-sdk: node_modules ## test the browser SDK without a browser
	@out=$$(mktemp -d); trap 'rm -rf "$$out"' EXIT; \
	go tool esbuild static/sdk/test/*.test.ts --bundle --platform=node --format=esm --out-extension:.js=.mjs --log-level=warning --outdir=$$out && node --test --test-reporter=dot $$out

lint: ## gofmt, vet, templ fmt and staticcheck
	@unformatted=$$(gofmt -l cmd db handlers static views); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	go vet ./...
	go tool templ fmt -fail -v=false views
	go tool -modfile=.ci/tools.mod staticcheck ./...

fuzz: ## run each fuzz target for FUZZTIME (20s unless set)
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-20s} $$p || exit 1; done; done

bench: ## measure speed and memory; see docs/benchmarks.md
	GOGC=400 go test -run '^$$' -bench . -benchtime 3s -timeout 60m ./db ./handlers/rest # collects garbage as serve does
	go test -run '^$$' -bench 'IdleSockets|FanOut' -benchtime 1x ./handlers/live
	go test -run '^$$' -bench SendToReceive -benchtime 3s ./handlers/live
	go test -run '^$$' -bench FirstMessage -benchtime 15x ./cmd/guestlist

screens: ## draw every page into docs/screens
	GUESTLIST_SCREENS=$(CURDIR)/docs/screens go test -count=1 -run TestScreens ./cmd/guestlist
