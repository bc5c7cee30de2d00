#!/bin/sh
# Show the blocks of the example customers in both variants, and what the validation says of them.
set -eu
cd "$(dirname "$0")"

show() {
    printf '\n-- %s\n' "$1"
    rr-snippet render "$@"
}

printf '== Without regions: no defaultStockId, soft links as name and value\n'
for file in small.json russian.json hostile.json; do
    show "$file" --variant no-region --pretty
done

printf '\n== With regions: defaultStockId, soft links as Name and Value\n'
for file in region.json many.csv; do
    show "$file" --variant region --pretty
done

printf '\n== As a page gets it: compact, with a CSP nonce, the phone in E.164\n'
show russian.json --phone-region RU --nonce r4nd0m

printf '\n== What is wrong, and what is probably not meant\n'
rr-snippet validate small.json russian.json hostile.json region.json many.csv
