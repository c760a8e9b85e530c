# Runs for a while, complains and fails.
echo "flaky: off we go, this time as process $$"
sleep 15
echo "flaky: something went wrong" >&2
exit 3
