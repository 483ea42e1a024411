#!/bin/sh
# Where no container engine runs: replays the Dockerfile's steps in a clean folder, as far as they can be without one.
# It runs the RUN lines of the stage `build`, keeps of it what the last stage copies, and then starts that as a user
# without rights, on a folder of its own: docker/replay.sh [FOLDER]
set -eu

root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
folder=${1:-$(mktemp -d)}
image=$folder/opt/sharp-eyes
mkdir -p "$image" "$folder/data"
api=
trap '[ -z "$api" ] || kill "$api" 2>/dev/null || true' EXIT

echo "replay: COPY . . (what git tracks and .dockerignore lets through)"
git -C "$root" archive HEAD -- $(sed -n 's/^!//p' "$root/.dockerignore") | tar -x -C "$image"

python3 -m venv "$folder/python"
path=$folder/python/bin:/usr/bin:/bin
sed -n '/ AS build$/,/^FROM build/ s/^RUN //p' "$root/docker/Dockerfile" | while IFS= read -r step; do
    echo "replay: RUN $step"
    (cd "$image" && env UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never PATH="$path" UV_PYTHON="$(command -v python3)" sh -euc "$step")
done

echo "replay: COPY --from=build .venv"
find "$image" -mindepth 1 -maxdepth 1 ! -name .venv -exec rm -rf {} +
du -sh "$image/.venv"

as_nobody=
if [ "$(id -u)" = 0 ]; then
    as_nobody="setpriv --reuid 10001 --regid 10001 --clear-groups"
    chown 10001:10001 "$folder/data"
    chmod 755 "$folder"
fi
run() {
    (cd "$folder/data" && env -i PATH="$image/.venv/bin:/usr/bin:/bin" PYTHONDONTWRITEBYTECODE=1 \
        SHARP_EYES_DATA="$folder/data" SHARP_EYES_API__PORT=18480 ${as_nobody} "$@")
}
run sharp-eyes config check
run sharp-eyes db upgrade
echo "replay: CMD api, HEALTHCHECK"
(cd "$folder/data" && exec env -i PATH="$image/.venv/bin:/usr/bin:/bin" PYTHONDONTWRITEBYTECODE=1 \
    SHARP_EYES_DATA="$folder/data" SHARP_EYES_API__PORT=18480 ${as_nobody} sharp-eyes api) 2>"$folder/log" &
api=$!
tries=0
until run sharp-eyes health 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { cat "$folder/log"; echo "replay: the API does not get healthy"; exit 1; }
    sleep 1
done
kill "$api"
wait "$api" || true
api=
[ -z "$(find "$image" -newer "$folder/log" -print -quit)" ] || { echo "replay: it wrote into its own folder"; exit 1; }
echo "replay: done, in $folder"
