# A few hundred lines at a time, coloured as programs like to be, and a short rest.
round=0
while :; do
  round=$((round + 1))
  line=0
  while [ $line -lt 200 ]; do
    line=$((line + 1))
    printf '\033[36mround %d\033[0m line %d: all is well, nothing to see here\n' $round $line
  done
  sleep 1
done
