#!/bin/sh
# Show the block of every example customer, in the variant that is its own and, where it can be, in the other one.
set -eu
cd "$(dirname "$0")"
for file in *.json *.csv; do
    printf '\n== %s\n' "$file"
    rr-snippet render "$file" --pretty
done
printf '\n== region.json, as the page has it, with a nonce and the phone in E.164\n'
rr-snippet render russian.json --phone-region RU --nonce r4nd0m
printf '\n== what is wrong, what is probably not meant\n'
rr-snippet validate ./*.json ./*.csv
