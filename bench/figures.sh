# Sourced by servers.sh: reads what `weft bench` prints, and reckons with it. Starts nothing.
#
#   value NAME                  the last of name=value pairs on standard input; fails if there is none
#   values NAME                 all of them, one a line; nothing if there are none
#   calc EXPRESSION [FORMAT]    what it comes to
#   median                      of the numbers on standard input, one a line; nothing if there are none
#   spread                      their least and greatest: 1.2–3.4; nothing if there are none
#   beside TITLE NAME A B       a row of a table: median and spread of the values NAME in file A and in file B, and the
#                               ratio of the medians, B ÷ A; what is not there is "-"

value() { grep -oE "(^| )$1=[^ ]+" | tail -n 1 | sed 's/.*=//'; }

values() { grep -oE "(^| )$1=[^ ]+" | sed 's/.*=//' || true; }

calc() { awk "BEGIN { printf \"${2:-%.2f}\", $1 }"; }

median() {
  LC_ALL=C sort -g | awk '{ v[NR] = $1 }
    END { if (NR % 2) print v[(NR + 1) / 2]; else if (NR) print (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

spread() { LC_ALL=C sort -g | awk 'NR == 1 { least = $1 } { most = $1 } END { if (NR) print least "–" most }'; }

beside() {
  local title=$1 name=$2 file cells=() medians=()
  for file in "$3" "$4"; do
    medians+=("$(values "$name" <"$file" | median)")
    cells+=("${medians[-1]:--}$(values "$name" <"$file" | spread | sed 's/.*/ (&)/')")
  done
  printf '| %s | %s | %s | %s |\n' "$title" "${cells[@]}" "$(ratio "${medians[@]}")"
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { if (a == "" || b == "" || a <= 0) print "-"; else printf "%.2f\n", b / a }'
}
