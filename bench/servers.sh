# Sourced by the scripts beside it: starts the servers they measure, one at a time, in a folder of their own, and ends them.
#
#   start_kafka                a real Apache Kafka: one broker, replication 1, no fsync
#   start_weft [SETTING…]      bin/weft dev with these settings, its metrics shown; files and journal in $store (a local
#                              folder; or mem:weft?latency=…, where waiting for a disk would come on top)
#   stop_server                ends it and throws its data away
#   address                    where it listens
#   cpu                        CPU seconds it has used so far
#   metric NAME LABELS…        the sum of a metric of Weft's over the lines that have all of these labels
#   touch_memory               has the system use a third of its free memory once: the first use of a page can cost more
#                              than all that is measured (a virtual machine gets it from its host only then)
#   bench WHAT …               bin/weft bench against it
#   bench_aside LOG WHAT …     the same in the background; adds its process id to `aside`
#   aside_alive                whether all of those still run
#   end_aside                  ends those
#
# Each server has a heap of 1 GiB. BENCH_FOLDER (default: the system's folder for temporary files) is where the data goes;
# with BENCH_SYNC=false Weft does not fsync it, as Kafka does not. Weft starts with an AOT cache, which is made here where
# there is none (WEFT_AOT=off: without). What runs longer than BENCH_SECONDS_MAX (default: half an hour) is ended.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=bin/find-jdk
. "$home/bin/find-jdk"
# shellcheck source=bench/figures.sh
. "$home/bench/figures.sh"
jdk=$(find_jdk_25)
work=$(mktemp -d "${BENCH_FOLDER:-${TMPDIR:-/tmp}}/weft-bench.XXXXXX")
aside=()
server= address= metrics= store=file:$work/weft
[ "${BENCH_SYNC:-true}" = true ] || store=$store?sync=false
START_SECONDS_MAX=60
trap 'end_aside; stop_server; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$home/bin/weft" --help >/dev/null
# A server that makes one itself would do so while it is measured.
[ "${WEFT_AOT:-}" = off ] || "$home/bin/make-aot-cache" || export WEFT_AOT=off

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# await WHAT LOG COMMAND…: until the command succeeds; if the server ends or time is up, its last words are shown
await() {
  local what=$1 log=$2 deadline=$((SECONDS + START_SECONDS_MAX))
  shift 2
  until "$@" 2>/dev/null; do
    if ! kill -0 "$server" 2>/dev/null || [ $SECONDS -ge $deadline ]; then
      echo "$what did not start. The end of what it said:" >&2
      tail -n 20 "$log" >&2
      exit 1
    fi
    sleep 0.05
  done
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/${address##*:}"); }

start_kafka() {
  local controller libs
  [ -d "$home/kafka-peer/target/libs" ] || (cd "$home" && mvn -q -B -f kafka-peer/pom.xml generate-test-resources)
  libs="$home/kafka-peer/target/libs/*"
  controller=$(free_port)
  address=127.0.0.1:$(free_port)
  mkdir -p "$work/kafka"
  cat >"$work/kafka/server.properties" <<P
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://$address,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://$address
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$work/kafka/log
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
P
  printf 'rootLogger.level=ERROR\n' >"$work/kafka/log4j2.properties"
  local java=("$jdk/bin/java" -Dlog4j2.configurationFile="$work/kafka/log4j2.properties" -cp "$libs")
  "${java[@]}" kafka.tools.StorageTool format --standalone -t uQ5T3jFJQyKvAkyPQ7ipAA \
    -c "$work/kafka/server.properties" >"$work/kafka.format" 2>&1 ||
    { echo "Kafka's folder cannot be made:" >&2; tail -n 20 "$work/kafka.format" >&2; exit 1; }
  "${java[@]}" -Xmx1g -Xms1g -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 \
    kafka.Kafka "$work/kafka/server.properties" >"$work/kafka.out" 2>&1 &
  server=$!
  await Kafka "$work/kafka.out" answers
  sleep 3
}

start_weft() {
  local log=$work/weft.out
  # What the server before it has said must not be taken for this one's.
  : >"$log"
  WEFT_JVM_OPTS="${WEFT_JVM_OPTS:--Xmx1g -Xms1g}" "$home/bin/weft" dev --port 0 --metrics-listen 127.0.0.1:0 \
    --data "$store" "$@" >"$log" 2>&1 &
  server=$!
  await Weft "$log" grep -q 'Weft is ready' "$log"
  address=$(sed -n 's/.*bootstrap.servers=//p' "$log" | tail -n 1)
  metrics=$(sed -n 's/^Metrics are at //p' "$log" | tail -n 1)
}

stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
  rm -rf "$work/kafka" "$work/weft"
}

touch_memory() {
  local file bytes
  file=$(mktemp -p /dev/shm weft-bench.XXXXXX) || return 0
  bytes=$(awk '/^MemAvailable/ { printf "%d", $2 * 1024 / 3 }' /proc/meminfo)
  head -c "$bytes" /dev/zero >"$file" || true
  rm -f "$file"
}

cpu() { awk -v hz="$(getconf CLK_TCK)" '{ printf "%.2f\n", ($14 + $15) / hz }' "/proc/$server/stat"; }

metric() {
  curl -sf "$metrics" | awk -v name="$1" -v labels="${*:2}" '
    BEGIN { n = split(labels, wanted, " ") }
    index($1, name) == 1 && substr($1, length(name) + 1) ~ /^({|$)/ {
      for (i = 1; i <= n; i++) {
        split(wanted[i], pair, "=")
        if (index($1, pair[1] "=\"" pair[2] "\"") == 0) next
      }
      sum += $NF
    }
    END { printf "%.6f\n", sum }'
}

bench() {
  local what=$1
  shift
  timeout "${BENCH_SECONDS_MAX:-1800}" "$home/bin/weft" bench "$what" --bootstrap-servers "$address" "$@"
}

bench_aside() {
  local log=$1 what=$2
  shift 2
  (exec "$home/bin/weft" bench "$what" --bootstrap-servers "$address" "$@" >"$log" 2>&1) &
  aside+=($!)
}

aside_alive() {
  local each
  for each in "${aside[@]}"; do kill -0 "$each" 2>/dev/null || return 1; done
}

end_aside() {
  [ ${#aside[@]} -gt 0 ] || return 0
  kill "${aside[@]}" 2>/dev/null || true
  wait "${aside[@]}" 2>/dev/null || true
  aside=()
}
