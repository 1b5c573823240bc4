# Sourced by the scripts in bin/: makes .venv hold what the lock files say.
# Quick when nothing changed; safe when two scripts do it at once.

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
python=$checkout/.venv/bin/python

# Authorities the machine trusts: an organisation's own network may sign with one of its own.
authorities=/etc/ssl/certs/ca-certificates.crt

say() { printf '%s\n' "$*"; }

# Debian packages that the machine lacks: installed when root, else named in one line to run.
need_packages() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        say "Install what is missing first: sudo apt-get install -y $*" >&2
        exit 1
    fi
    say "Installing $*"
    local log
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        say "apt-get could not install $*; see the lines above." >&2
        exit 1
    fi
    rm -f "$log"
}

# The first Python of 3.11 or later that really runs (a version manager's stand-in may not).
find_python() {
    local name
    for name in python3.11 /usr/bin/python3.11 python3 /usr/bin/python3 python3.12 python3.13; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
            { [ "${1:-}" = any ] || "$name" -c 'import venv, ensurepip' 2>/dev/null; }; then
            say "$name"
            return 0
        fi
    done
    return 1
}

make_environment() {
    local found
    find_python >/dev/null || need_packages python3 python3-venv
    found=$(find_python) || {
        say "Python 3.11 or later is needed; this machine has $(python3 -V 2>&1)." >&2
        exit 1
    }
    say "Making the virtual environment"
    "$found" -m venv --clear "$checkout/.venv"
}

# Install one or two lock files, unless exactly these are installed already.
install_locks() {
    local lock stamp wanted log requirements=()
    for lock in "$@"; do
        requirements+=(--requirement "$checkout/$lock")
    done
    stamp=$checkout/.venv/.installed-${!#}
    "$python" -c '' 2>/dev/null || make_environment
    wanted=$(cd "$checkout" && cat "$@" | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    say "Installing Python packages from $*"
    log=$checkout/var/log/pip.log
    if [ -r "$authorities" ] && ! "$python" -m pip config get global.cert >/dev/null 2>&1; then
        export PIP_CERT=${PIP_CERT:-$authorities}
    fi
    if ! "$python" -m pip --disable-pip-version-check install --quiet --no-deps --no-compile \
        --require-hashes "${requirements[@]}" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        say "The Python packages could not be installed; the lines above say why, $log has the rest." >&2
        exit 1
    fi
    printf '%s\n' "$wanted" >"$stamp.new" && mv "$stamp.new" "$stamp"
}

# Make .venv hold what the named lock files say; for tools give both, for the portal alone the first.
prepare_environment() {
    [ -d "$checkout/var" ] || mkdir -p -m 700 "$checkout/var"
    mkdir -p "$checkout/var/log" "$checkout/var/run"
    command -v flock >/dev/null || need_packages util-linux
    ( flock 9 && install_locks "$@" ) 9>"$checkout/var/run/environment.lock" || exit 1
}
