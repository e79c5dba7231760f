# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# A private view of the Debian archive, made from this computer's own apt
# configuration: same mirror, same keys, same proxy, but with s390x as a
# foreign architecture and with further suites, in a directory of its own.
# Nothing of the system is changed and nothing is installed.
#
# A "view" is one such private configuration:
#   packages  binary packages, for this computer and for s390x
#   sources   source packages (only their index: needed for QEMU)
#
# The file "stamp" of a view holds two numbers: the time its index was
# fetched (the generation), and the time when it is to be fetched again.

readonly INDEX_LIFETIME=86400
readonly INDEX_RETRY=3600

note() { printf 'machine/fetch: %s\n' "$*" >&2; }
die() { printf 'machine/fetch: error: %s\n' "$*" >&2; exit 1; }

view_dir() { printf '%s/apt/%s' "$CACHE" "$1"; }

# The option $3 (as spelled in deb822 form) of the source entry "$1:$2".
# Both forms of sources are read: one line with [options], or a stanza.
source_option() {
	case $1 in
	*.sources)
		awk -v RS= -v want="$2" -v key="$3" '
		{
			real = 0
			n = split($0, line, "\n")
			for (i = 1; i <= n; i++)
				if (line[i] !~ /^#/)
					real = 1
			if (!real || ++count != want)
				next
			for (i = 1; i <= n; i++) {
				if (line[i] ~ /^#/)
					continue
				if (line[i] ~ /^[ \t]/) {
					if (inside)
						print line[i]
					continue
				}
				inside = tolower(line[i]) ~ \
					"^" tolower(key) ":"
				if (inside) {
					sub(/^[^:]*:[ \t]*/, "", line[i])
					print line[i]
				}
			}
		}' "$1" ;;
	*)
		sed -n "${2}s/^[^[]*\[\([^]]*\)\].*/\1/p" "$1" |
			tr ' \t' '\n\n' |
			sed -n "s/^${3}=//Ip" | tr ',' ' ' ;;
	esac
}

# Every repository that this computer's apt has an index of, one per line:
# URI|suite|component|origin|file:number.  Arguments: options for apt.
indexed_sources() {
	# The variables are apt's.
	# shellcheck disable=SC2016
	apt-get "$@" indextargets 'Created-By: Packages' --format \
	'$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)|$(SOURCESENTRY)'
}

# A computer whose apt lists are empty (as in many container images) says
# nothing about its sources: fetch them for ourselves then.
own_index() {
	local lists
	lists=$(view_dir "$1")/system-lists

	note "this computer's apt has no index yet: fetching it (privately)"
	mkdir -p "$lists/partial"
	apt-get -q -o Dir::State::lists="$lists" -o APT::Sandbox::User=root \
		-o APT::Update::Post-Invoke-Success= \
		-o APT::Update::Post-Invoke= \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= update \
		>&2 || true
	indexed_sources -o Dir::State::lists="$lists"
	rm -rf "$lists"
}

# Debian's own repositories among the sources of this computer, one per line:
# URI|suite|file|number.
debian_sources() {
	local all uri suite component origin entry

	all=$(indexed_sources)
	grep -q '|main|Debian|' <<<"$all" || all=$(own_index "$1")
	sort -u <<<"$all" |
		while IFS='|' read -r uri suite component origin entry; do
			[[ $component == main && $origin == Debian &&
				$uri != cdrom:* ]] || continue
			printf '%s|%s|%s|%s\n' "$uri" "$suite" "${entry%:*}" \
				"${entry##*:}"
		done
}

# One stanza of the private sources: types, URI, suite, file and number of
# the entry that its keys are taken from.
write_stanza() {
	local target=Packages option value

	[[ $1 == deb ]] || target=Sources
	printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\n' \
		"$1" "$2" "$3"
	printf 'Targets: %s\n' "$target"
	[[ $1 != deb ]] ||
		printf 'Architectures: %s s390x\n' "$HOST_ARCH"
	for option in Signed-By Trusted; do
		value=$(source_option "$4" "$5" "$option")
		[[ -z $value ]] || printf '%s: %s\n' "$option" "$value"
	done
	printf '\n'
}

# write_sources VIEW: which suites are looked at, depending on the release.
write_sources() {
	local uri suite file number base="" security="" types=deb

	[[ $1 == packages ]] || types=deb-src
	while IFS='|' read -r uri suite file number; do
		[[ $suite != *-proposed-updates ]] || continue
		if [[ $suite == *-security || $suite == */updates ]]; then
			security="$uri|$file|$number"
		elif [[ $suite != *-* ]]; then
			base="$uri|$file|$number"
		fi
		if [[ $types == deb || $CODENAME != bookworm ]]; then
			write_stanza "$types" "$uri" "$suite" "$file" "$number"
		fi
	done
	[[ -n $base ]] || die "no Debian repository found among this" \
		"computer's apt sources (or 'apt-get update' cannot fetch it)"
	[[ $CODENAME == bookworm ]] || return 0

	IFS='|' read -r uri file number <<<"$base"
	grep -qs '^Suites: bookworm-backports$' "$(view_dir "$1")/new.sources" ||
		write_stanza "$types" "$uri" bookworm-backports "$file" "$number"
	[[ $1 == sources ]] || return 0
	write_stanza "$types" "$uri" trixie "$file" "$number"
	if [[ -n $security ]]; then
		IFS='|' read -r uri file number <<<"$security"
		write_stanza "$types" "$uri" trixie-security "$file" "$number"
	fi
}

# The system's own apt.conf still applies (proxy, timeouts); this comes last
# and so has the last word.
write_config() {
	local dir
	dir=$(view_dir "$1")

	cat <<-EOF
	#clear APT::Architectures;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	#clear Acquire::Languages;
	APT::Architecture "$HOST_ARCH";
	APT::Architectures { "$HOST_ARCH"; "s390x"; };
	APT::Default-Release "";
	APT::Sandbox::User "root";
	Acquire::Languages { "none"; };
	Acquire::Retries "3";
	Dir::Etc::sourcelist "$dir/archive.sources";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State "$dir/state";
	Dir::State::lists "$dir/lists";
	Dir::State::status "$dir/status";
	Dir::Cache "$dir/cache";
	Dir::Cache::pkgcache "pkgcache.bin";
	Dir::Cache::srcpkgcache "srcpkgcache.bin";
	EOF
}

# Sets the numbers of a view's index: generation (0: none), due.
read_stamp() {
	generation=0 due=0
	[[ ! -e $CACHE/apt/$1/stamp ]] ||
		read -r generation due <"$CACHE/apt/$1/stamp" || true
}

write_stamp() {
	printf '%s %s\n' "$2" "$3" >"$(view_dir "$1")/stamp.new"
	mv -f "$(view_dir "$1")/stamp.new" "$(view_dir "$1")/stamp"
}

# Fetch the index of a view unless it is from today.  Without network an
# older index goes on serving.
refresh_index() {
	local dir generation due
	dir=$(view_dir "$1")

	read_stamp "$1"
	if ((EPOCHSECONDS < due)) && [[ -z $REFRESH ]]; then
		return
	fi
	mkdir -p "$dir/state" "$dir/lists/partial" "$dir/cache/archives/partial"
	: >"$dir/status"
	write_config "$1" >"$dir/apt.conf"
	debian_sources "$1" | write_sources "$1" >"$dir/new.sources"
	mv -f "$dir/new.sources" "$dir/archive.sources"

	note "fetching the index of $(grep -c ^Suites: "$dir/archive.sources")" \
		"suites (view '$1')"
	if apt_run "$1" apt-get -q -o APT::Update::Error-Mode=any update >&2
	then
		write_stamp "$1" "$EPOCHSECONDS" \
			$((EPOCHSECONDS + INDEX_LIFETIME))
	elif compgen -G "$dir/lists/*_dists_*" >/dev/null; then
		note "warning: the index is not complete or not new, going on" \
			"with what there is"
		((generation)) || generation=$EPOCHSECONDS
		write_stamp "$1" "$generation" $((EPOCHSECONDS + INDEX_RETRY))
	else
		die "the package index cannot be fetched: see apt's messages" \
			"above (network? proxy? mirror without s390x?)"
	fi
}

apt_run() {
	local view=$1
	shift
	"$1" -c "$(view_dir "$view")/apt.conf" "${@:2}"
}

# Names of packages that match an extended regular expression.
package_names() {
	apt_run packages apt-cache pkgnames | grep -E "$1" || true
}

# The version that apt would take of PACKAGE:ARCH (the release's own suite
# before backports), or nothing.
package_candidate() {
	apt_run packages apt-cache policy "$1" |
		sed -n 's/^  Candidate: //p' | grep -v '(none)' || true
}

# All versions of PACKAGE:ARCH in the view, newest first.
package_versions() {
	apt_run packages apt-cache madison "$1" |
		awk -F' *[|] *' '{ print $2 }' | sort -u | sort_versions
}

# Debian's order of versions is not sort -V's (~), so dpkg compares.
sort_versions() {
	local -a sorted=()
	local version i

	while read -r version; do
		for ((i = 0; i < ${#sorted[@]}; i++)); do
			dpkg --compare-versions "$version" gt "${sorted[i]}" &&
				break
		done
		sorted=("${sorted[@]:0:i}" "$version" "${sorted[@]:i}")
	done
	[[ ${#sorted[@]} == 0 ]] || printf '%s\n' "${sorted[@]}"
}

package_field() {
	apt_run packages apt-cache show "$1" | sed -n "s/^$2: //p" | sed -n 1p
}

# download DIRECTORY PACKAGE:ARCH=VERSION...: into an empty directory; apt
# checks the signatures and the digests.
download() {
	local dir=$1
	shift

	mkdir -p "$dir"
	note "downloading $*"
	(cd "$dir" && apt_run packages apt-get -q download "$@" >&2) ||
		die "download failed: $* (see apt's message above)"
}
