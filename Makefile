# Targets of Guestlist. `make help` lists them.
export CGO_ENABLED ?= 0

GENERATED = static/css/guestlist.min.css static/fonts static/img/icons.svg static/js/htmx.min.js static/LICENSES.txt ':(glob)views/**/*_templ.go'

.DEFAULT_GOAL := help
.PHONY: help generate generate-check

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

node_modules:
	npm install --no-save

generate: node_modules ## write everything that is generated and committed: templates, CSS, icons, fonts
	go tool templ fmt -v=false views
	go tool templ generate -path views
	node static/build.mjs
	npx @tailwindcss/cli --minify -i static/css/guestlist.css -o static/css/guestlist.min.css

generate-check: generate ## fail when a generated file is not what its source says
	git diff --exit-code --stat -- $(GENERATED) ':(glob)views/**/*.templ'
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); test -z "$$new" || { echo "not committed: $$new"; exit 1; }
