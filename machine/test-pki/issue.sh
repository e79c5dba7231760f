# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Issuing certificates and CRLs; read by make-test-pki.  Works in the current
# directory, scratch files are below $work.

# Everything but the keys is the same in every run.
from=20240101000000Z until=20491231235959Z
past_from=20200101000000Z past_until=20211231235959Z
future_from=20490101000000Z
next_serial=4096
crl_count=0

# An "openssl ca" database: empty, with the next serial number.
fresh_db()
{
	export PKI_DB=$work/db
	rm -rf -- "$PKI_DB"
	mkdir "$PKI_DB"
	: >"$PKI_DB/index.txt"
}

rsa_key()
{
	openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" \
		-out "$1" 2>/dev/null ||
	openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1"
}

# ec_key FILE CURVE [named_curve|explicit]
ec_key()
{
	openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" \
		-pkeyopt "ec_param_enc:${3:-named_curve}" -out "$1"
}

# issue CERT SUBJECT KEY ISSUER-CERT ISSUER-KEY SECTION [FROM UNTIL [SERIAL]]
# An issuer of "-" makes it self-signed.  PKI_DP is the distribution point, md
# the digest if not SHA-512.
issue()
{
	local cert=$1 subject=$2 key=$3 issuer=$4 issuer_key=$5 section=$6
	local first=${7:-$from} last=${8:-$until} serial=${9:-$next_serial}
	local how=(-cert "$issuer" -keyfile "$issuer_key")

	next_serial=$((next_serial + 1))
	fresh_db
	printf '%04X\n' "$serial" >"$PKI_DB/serial"
	[ "$issuer" != - ] || how=(-selfsign -keyfile "$key")
	export PKI_DP=${PKI_DP:-TEST.crl}
	openssl req -new -config "$here/pki.cnf" -key "$key" -subj "$subject" \
		-out "$work/csr"
	openssl ca -batch -notext -preserveDN -config "$here/pki.cnf" \
		-in "$work/csr" "${how[@]}" -md "${md:-sha512}" \
		-extensions "$section" -startdate "$first" -enddate "$last" \
		-out "$cert"
}

# revoke_list CRL ISSUER-CERT ISSUER-KEY SECTION FROM UNTIL [SERIAL...]
revoke_list()
{
	local crl=$1 cert=$2 key=$3 section=$4 first=$5 last=$6 serial

	shift 6
	fresh_db
	crl_count=$((crl_count + 1))
	printf '%02X\n' "$crl_count" >"$PKI_DB/crlnumber"
	for serial; do
		printf 'R\t%s\t%s\t%04X\tunknown\t/CN=TEST\n' "${until#20}" \
			"200101000000Z" "$serial" >>"$PKI_DB/index.txt"
	done
	openssl ca -gencrl -config "$here/pki.cnf" -cert "$cert" \
		-keyfile "$key" -crlexts "$section" -crl_lastupdate "$first" \
		-crl_nextupdate "$last" -out "$crl"
}

# Flip one bit of the last byte (the signature) of a PEM file's DER form.
break_signature()
{
	local kind=$1 in=$2 out=$3 size last

	openssl "$kind" -in "$in" -outform DER -out "$work/der"
	size=$(stat -c %s "$work/der")
	last=$(tail -c 1 "$work/der" | od -An -tu1)
	head -c $((size - 1)) "$work/der" >"$work/der2"
	# shellcheck disable=SC2059
	printf "\\x$(printf %02x $((last ^ 1)))" >>"$work/der2"
	openssl "$kind" -inform DER -in "$work/der2" -out "$out"
}

manifest_head()
{
	cat >manifest.tsv <<'HEAD'
# TEST cases for host key verification; tab separated, files relative to here:
# case, expected outcome, host key documents, certificates (-C), CRLs, root CA,
# text the message has to contain.  Lists have commas, "-" stands for none.
HEAD
}

# expect CASE OUTCOME HOSTS CERTS CRLS ROOT [TEXT]
expect()
{
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "$6" \
		"${7:--}" >>manifest.tsv
}
