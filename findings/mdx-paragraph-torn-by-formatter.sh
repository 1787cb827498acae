#!/usr/bin/env bash
# A paragraph of MDX that begins with a component, laid out by a formatter.
#
# Guess: a formatter leaves what is shown as it is; where it does not understand MDX it leaves the line alone.
# Behaviour: a component that begins a paragraph, with two attributes and longer than the line, is put on lines of its own, and what
#   follows it on the next, without an empty line between. To MDX 3 a component on lines of its own is a block: the component gets a
#   paragraph inside, and the rest, here from its comma on, becomes a paragraph of its own. prettier and oxfmt do the same, whether prose
#   is wrapped or kept. In the middle of a paragraph the same component stays.
# Source: mdxjs.com/docs/what-is-mdx (Interleaving): what stands on lines of its own is a block, what stands in a line of text is part of it.
# Versions: prettier 3.10.1, oxfmt 0.79.0, @mdx-js/mdx 3.1.1, react-dom 19.3.1, Node 20.
# Seen:
#   as written: <p><b>The frame leaves by eth0</b>, and appears on the node.</p>
#   prettier: <b><p>The frame leaves by eth0</p></b> <p>, and appears on the node.</p>
#   oxfmt: <b><p>The frame leaves by eth0</p></b> <p>, and appears on the node.</p>
#   prettier, in the middle: unchanged
set -euo pipefail
cannot() { echo "cannot be asked here: $*"; exit 3; }
changed() { echo "changed: $*"; exit 1; }
command -v npm >/dev/null || cannot 'needs npm'

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true, "type": "module" }' >package.json
timeout 180 npm install --silent --no-audit --no-fund --ignore-scripts \
  prettier@3.10.1 oxfmt@0.79.0 @mdx-js/mdx@3.1.1 react@19.3.1 react-dom@19.3.1 >/dev/null 2>&1 || cannot 'npm has not these packages'
cat >show.mjs <<'J'
import { readFileSync } from 'node:fs'
import { evaluate } from '@mdx-js/mdx'
import { createElement } from 'react'
import * as runtime from 'react/jsx-runtime'
import { renderToStaticMarkup } from 'react-dom/server'

const { default: Text } = await evaluate(readFileSync(process.argv[2], 'utf8'), runtime)
const At = ({ children }) => createElement('b', null, children)
console.log(renderToStaticMarkup(createElement(Text, { components: { At } })).replaceAll('\n', ' '))
J
at='<At figure="f1" step="web-app-frontend-1/eth0 xmit#2 and some more of it">The frame leaves by eth0</At>'
echo "$at, and appears on the node." >first.mdx
echo "Now $at, and appears on the node." >middle.mdx
for tool in prettier oxfmt; do
  cp first.mdx "$tool.mdx"
  cp middle.mdx "$tool-middle.mdx"
done
timeout 60 npx prettier --print-width 100 --prose-wrap preserve --write prettier.mdx prettier-middle.mdx >/dev/null
echo '{ "printWidth": 100, "proseWrap": "preserve" }' >.oxfmtrc.json
timeout 60 npx oxfmt oxfmt.mdx >/dev/null 2>&1

whole='<p><b>The frame leaves by eth0</b>, and appears on the node.</p>'
torn='<b><p>The frame leaves by eth0</p></b> <p>, and appears on the node.</p>'
written=$(node show.mjs first.mdx) prettier=$(node show.mjs prettier.mdx) oxfmt=$(node show.mjs oxfmt.mdx)
printf '%s\n' "as written: $written" "prettier: $prettier" "oxfmt: $oxfmt"
cmp -s middle.mdx prettier-middle.mdx && echo 'prettier, in the middle: unchanged' || changed 'prettier lays out the middle of a paragraph too'
[ "$written" = "$whole" ] || changed "MDX shows $written"
[ "$prettier" = "$torn" ] || changed "prettier leaves $prettier"
[ "$oxfmt" = "$torn" ] || changed "oxfmt leaves $oxfmt"
echo 'as stated'
