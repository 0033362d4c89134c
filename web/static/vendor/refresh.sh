#!/bin/sh
# Fetches the released files of every vendored package with npm, copies the few
# we ship and writes MANIFEST.json. Run it from anywhere; needs npm, tar and
# sha256sum. To move to a new version change a `take` line, remove the old
# folder, run, and let `go test ./web` compare files and manifest.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
web=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
entries="$work/entries"
: >"$entries"

# take DEST NPM-NAME VERSION LICENCE FILE...   copies FILE... to DEST/SHORT@VERSION/
take() {
	dest=$1 name=$2 version=$3 licence=$4
	shift 4
	short=$(echo "$name" | sed 's/^@//; s/\//-/')
	dir="$dest/$short@$version"
	mkdir -p "$work/$short" "$web/$dir"
	(cd "$work/$short" && npm pack --json "$name@$version" >pack.json && tar xzf ./*.tgz)
	integrity=$(sed -n 's/.*"integrity": "\(sha512-[^"]*\)".*/\1/p' "$work/$short/pack.json" | head -n 1)
	for file in "$@"; do
		cp "$work/$short/package/$file" "$web/$dir/$(basename "$file")"
		entry "$name" "$version" "$licence" "$dir/$(basename "$file")" "$integrity"
	done
}

# entry NAME VERSION LICENCE FILE INTEGRITY   adds one file to the manifest
entry() {
	sum=$(sha256sum "$web/$4" | cut -d' ' -f1)
	size=$(wc -c <"$web/$4" | tr -d ' ')
	printf '  {"name": "%s", "version": "%s", "licence": "%s", "file": "%s", "sha256": "%s", "bytes": %s, "integrity": "%s"}\n' \
		"$1" "$2" "$3" "$4" "$sum" "$size" "$5" >>"$entries"
}

icons=""
while read -r icon; do
	icons="$icons icons/outline/$icon.svg"
done <"$here/icons.txt"

take static/vendor @tabler/core 1.6.1 MIT dist/css/tabler.min.css dist/js/tabler.min.js
# The package carries no licence file, only the notice inside its files.
entry @tabler/core 1.6.1 MIT static/vendor/tabler-core@1.6.1/LICENSE "$integrity"
# shellcheck disable=SC2086 # icon names have no spaces
take static/vendor @tabler/icons 3.51.0 MIT LICENSE $icons
take static/vendor htmx.org 2.0.11 0BSD LICENSE dist/htmx.min.js
take static/vendor echarts 6.1.0 Apache-2.0 LICENSE NOTICE dist/echarts.common.min.js
take testdata/vendor axe-core 4.14.1 MPL-2.0 LICENSE LICENSE-3RD-PARTY.txt axe.min.js

{
	echo '['
	sed '$!s/$/,/' "$entries"
	echo ']'
} >"$here/MANIFEST.json"
