# Works through an endless queue, one job every few seconds.
number=$1
job=0
while :; do
  job=$((job + 1))
  echo "worker $number: job $job started"
  sleep 3
  echo "worker $number: job $job done"
done
