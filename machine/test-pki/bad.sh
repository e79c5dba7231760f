# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# What has to be refused, and by which outcome; read by make-test-pki.

certs=signing.crt,ca.crt crls=signing.crl,ca.crl,root.crl upper=ca.crl,root.crl

# bad_host CASE OUTCOME TEXT SECTION [FROM UNTIL [SERIAL]] - by the signing key
bad_host()
{
	local case=$1 outcome=$2 text=$3

	shift 3
	issue "bad/$case.crt" "$host_name $case" "${key:-host.key}" \
		"${issuer:-signing.crt}" "${issuer_key:-signing.key}" "$@"
	expect "$case" "$outcome" "bad/$case.crt" $certs $crls root.crt "$text"
}

make_bad_hosts()
{
	bad_host host-expired expired 'expired' host $past_from $past_until
	bad_host host-not-yet-valid not-yet-valid 'not valid before' host \
		$future_from $until
	bad_host host-revoked revoked 'revoked' host $from $until \
		$serial_host_revoked
	bad_host host-wrong-usage key-usage 'keyAgreement' host_wrong_usage
	bad_host host-critical critical-extension '2.999.1' host_critical

	md=sha1 bad_host host-weak-digest weak '112 bits' host
	# The CA's name and key, then only the name, then only the key.
	issuer=ca.crt issuer_key=ca.key \
		bad_host host-by-ca akid 'bad/host-by-ca.crt' host
	issue "$work/other.crt" "$ca_name" signing.key root.crt root.key signing
	issuer=$work/other.crt \
		bad_host host-wrong-issuer issuer 'TEST Intermediate CA' host
	issue "$work/other.crt" "$signing" ca.key root.crt root.key signing
	issuer=$work/other.crt issuer_key=ca.key \
		bad_host host-wrong-akid akid 'bad/host-wrong-akid.crt' host
	issuer=$work/other.crt issuer_key=ca.key bad_host \
		host-wrong-signer signature 'bad/host-wrong-signer.crt' \
		host_no_akid
	break_signature x509 host.crt bad/host-flipped-bit.crt
	expect host-flipped-bit signature bad/host-flipped-bit.crt $certs \
		$crls root.crt 'bad/host-flipped-bit.crt'
	expect host-good-then-revoked revoked host.crt,bad/host-revoked.crt \
		$certs $crls root.crt 'bad/host-revoked.crt'
}

# Right identifier of the signing key, but the signature of another key.
make_forged_akid()
{
	local skid

	skid=$(openssl x509 -in signing.crt -noout -ext subjectKeyIdentifier |
		tail -n 1 | tr -d ' :')
	{
		cat "$here/pki.cnf"
		printf '[forged]\nbasicConstraints = critical, CA:FALSE\n'
		printf 'subjectKeyIdentifier = %s\n' "$skid"
	} >"$work/forged.cnf"
	fresh_db
	echo 7777 >"$PKI_DB/serial"
	openssl req -new -config "$here/pki.cnf" -key bad/fake-signing.key \
		-subj "$signing" -out "$work/csr"
	openssl ca -batch -notext -preserveDN -config "$work/forged.cnf" \
		-in "$work/csr" -cert root.crt -keyfile root.key -extensions forged \
		-startdate $from -enddate $until -out "$work/forged.crt"
	issuer=$work/forged.crt issuer_key=bad/fake-signing.key bad_host \
		host-forged-akid signature 'bad/host-forged-akid.crt' host
}

make_wrong_kinds_of_key()
{
	ec_key bad/host-p256.key prime256v1
	ec_key bad/host-p384.key secp384r1
	ec_key bad/host-explicit.key secp521r1 explicit
	key=bad/host-p256.key bad_host host-p256 unusable 'P-521' host
	key=bad/host-p384.key bad_host host-p384 unusable 'P-521' host
	key=bad/host-explicit.key \
		bad_host host-explicit unusable 'named curve' host
	key=bad/fake-ca.key bad_host host-rsa unusable 'P-521' host
}

# bad_signing CASE OUTCOME TEXT SECTION [FROM UNTIL [SERIAL]] - by the CA
bad_signing()
{
	local case=$1 outcome=$2 text=$3

	shift 3
	issue "bad/$case.crt" "${subject:-$signing}" "${key:-signing.key}" \
		ca.crt ca.key "$@"
	expect "$case" "$outcome" host.crt "bad/$case.crt,ca.crt" $crls \
		root.crt "$text"
}

make_bad_signing_keys()
{
	bad_signing signing-expired chain-expired 'expired' signing \
		$past_from $past_until
	bad_signing signing-not-yet-valid chain-not-yet-valid 'not yet valid' \
		signing $future_from $until
	bad_signing signing-revoked chain-revoked 'revoked' signing $from \
		$until $serial_signing_revoked
	bad_signing signing-critical chain-critical-extension 'critical' \
		signing_critical
	key=bad/weak-signing.key \
		bad_signing signing-weak chain-weak 'too short' signing
	subject="$signing Invalid" bad_signing signing-wrong-subject \
		no-signing-key 'Key Signing Service' signing
	subject="$signing/OU=TEST" bad_signing signing-seven-entries \
		no-signing-key 'Key Signing Service' signing
	subject=$(signing_name Albany) bad_signing signing-wrong-locality \
		no-signing-key 'Key Signing Service' signing
	break_signature x509 signing.crt bad/signing-flipped-bit.crt
	expect signing-flipped-bit chain-signature host.crt \
		bad/signing-flipped-bit.crt,ca.crt $crls root.crt 'signature'
	issue bad/signing-self-signed.crt "$signing" signing.key - - \
		signing_own_root
	expect signing-self-signed chain-incomplete host.crt \
		bad/signing-self-signed.crt $crls root.crt \
		'bad/signing-self-signed.crt'
	expect signing-as-root chain-too-short host.crt \
		bad/signing-self-signed.crt $crls bad/signing-self-signed.crt \
		'signing-self-signed.crt'
	expect signing-twice many-signing-keys host.crt \
		signing.crt,signing-armonk.crt,ca.crt $crls root.crt \
		'signing-armonk.crt'
	expect signing-none no-signing-key host.crt ca.crt $crls root.crt \
		'Key Signing Service'
}

make_bad_chains()
{
	issue bad/ca-revoked.crt "$ca_name" ca.key root.crt root.key ca_cert \
		$from $until $serial_ca_revoked
	expect ca-revoked chain-revoked host.crt \
		signing.crt,bad/ca-revoked.crt $crls root.crt 'TEST Intermediate CA'
	issue bad/ca-expired.crt "$ca_name" ca.key root.crt root.key ca_cert \
		$past_from $past_until
	expect ca-expired chain-expired host.crt \
		signing.crt,bad/ca-expired.crt $crls root.crt 'TEST Intermediate CA'
	issue bad/ca-no-crl-sign.crt "$ca_name" ca.key root.crt root.key \
		ca_no_crl_sign
	expect ca-no-crl-sign chain-invalid host.crt \
		signing.crt,bad/ca-no-crl-sign.crt $crls root.crt 'CRL'
	issue bad/ca-not-strict.crt "$ca_name" ca.key root.crt root.key \
		ca_not_strict
	expect ca-not-strict chain-invalid host.crt \
		signing.crt,bad/ca-not-strict.crt $crls root.crt 'critical'
	expect ca-missing chain-incomplete host.crt signing.crt $crls root.crt \
		'TEST Intermediate CA'
	expect ca-as-root chain-incomplete host.crt signing.crt $crls ca.crt \
		'TEST Root CA'
	expect root-system-store chain-incomplete host.crt $certs $crls - \
		'--root-ca'
}

# Two intermediates are allowed, three are not.
make_long_chains()
{
	local third=bad/ca-third.crt third_key=bad/fake-root.key
	local deep=ca.crt,bad/ca-second.crt crls2=$crls,bad/ca-second.crl

	issue bad/ca-second.crt "$ca_name 2" bad/fake-ca.key ca.crt ca.key \
		ca_cert
	issue $third "$ca_name 3" $third_key bad/ca-second.crt bad/fake-ca.key \
		ca_cert
	revoke_list bad/ca-second.crl bad/ca-second.crt bad/fake-ca.key crl \
		$from $until $serial_unused
	revoke_list bad/ca-third.crl $third $third_key crl $from $until \
		$serial_unused
	issue bad/signing-by-second.crt "$signing" signing.key \
		bad/ca-second.crt bad/fake-ca.key signing
	issue bad/signing-by-third.crt "$signing" signing.key $third \
		$third_key signing
	expect chain-of-two-intermediates ok host.crt \
		bad/signing-by-second.crt,$deep $crls2 root.crt
	expect chain-of-three-intermediates chain-invalid host.crt \
		bad/signing-by-third.crt,$deep,$third \
		$crls2,bad/ca-third.crl root.crt 'too long'
}

# A parallel hierarchy: the same names, other keys.
make_fake_hierarchy()
{
	local fake=bad/fake-signing.crl,bad/fake-ca.crl,bad/fake-root.crl

	issue bad/fake-root.crt "$root_name" bad/fake-root.key - - root
	issue bad/fake-ca.crt "$ca_name" bad/fake-ca.key bad/fake-root.crt \
		bad/fake-root.key ca_cert
	issue bad/fake-signing.crt "$signing" bad/fake-signing.key \
		bad/fake-ca.crt bad/fake-ca.key signing
	issue bad/fake-host.crt "$host_name fake" host2.key \
		bad/fake-signing.crt bad/fake-signing.key host
	revoke_list bad/fake-root.crl bad/fake-root.crt bad/fake-root.key crl \
		$from $until $serial_unused
	revoke_list bad/fake-ca.crl bad/fake-ca.crt bad/fake-ca.key crl \
		$from $until $serial_unused
	revoke_list bad/fake-signing.crl bad/fake-signing.crt \
		bad/fake-signing.key crl $from $until $serial_unused

	expect fake-all-of-its-own-root ok bad/fake-host.crt \
		bad/fake-signing.crt,bad/fake-ca.crt $fake bad/fake-root.crt
	expect fake-all chain bad/fake-host.crt \
		bad/fake-signing.crt,bad/fake-ca.crt $fake root.crt \
		'bad/fake-ca.crt'
	expect fake-ca chain host.crt signing.crt,bad/fake-ca.crt \
		signing.crl,$fake root.crt 'signing.crt'
	expect fake-signing chain bad/fake-host.crt \
		bad/fake-signing.crt,ca.crt $crls,$fake root.crt 'bad/fake-signing.crt'
	expect fake-root chain host.crt $certs $crls bad/fake-root.crt \
		'ca.crt'
	expect fake-host akid bad/fake-host.crt $certs $crls root.crt \
		'bad/fake-host.crt'
	expect fake-signing-of-good-host akid host.crt \
		bad/fake-signing.crt,bad/fake-ca.crt $fake bad/fake-root.crt \
		'host.crt'
}

# bad_crl CASE TEXT SECTION [FROM UNTIL [SERIAL]]
# The only CRL of the signing key in this case.
bad_crl()
{
	local case=$1 text=$2 section=$3

	revoke_list "bad/$case.crl" "${issuer:-signing.crt}" \
		"${issuer_key:-signing.key}" "$section" "${4:-$from}" \
		"${5:-$until}" "${6:-$serial_unused}"
	expect "$case" no-crl host.crt $certs "bad/$case.crl,$upper" root.crt \
		"$text"
}

make_bad_crls_of_signing_key()
{
	local serial

	expect crl-missing no-crl host.crt $certs $upper root.crt \
		'TEST Host Key Signing Service'
	bad_crl crl-expired 'not used: expired' crl $past_from $past_until
	bad_crl crl-not-yet-valid 'not used: not yet valid' crl $future_from $until
	bad_crl crl-delta 'a delta CRL' crl_delta
	bad_crl crl-indirect 'an indirect CRL' crl_indirect
	bad_crl crl-some-reasons 'only some reasons' crl_some_reasons
	bad_crl crl-critical '2.999.1' crl_critical
	issue "$work/other.crt" "$signing" ca.key root.crt root.key signing
	issuer=$work/other.crt issuer_key=ca.key \
		bad_crl crl-wrong-akid 'not used: issued with another key' crl
	issuer=$work/other.crt issuer_key=ca.key \
		bad_crl crl-wrong-signer 'not used: wrong signature' crl_no_akid
	issue "$work/other.crt" "$ca_name" signing.key root.crt root.key signing
	issuer=$work/other.crt bad_crl crl-wrong-issuer \
		'TEST Host Key Signing Service' crl
	break_signature crl signing.crl bad/crl-flipped-bit.crl
	expect crl-flipped-bit no-crl host.crt $certs \
		bad/crl-flipped-bit.crl,$upper root.crt \
		'bad/crl-flipped-bit.crl'
	# A CRL that must be dropped must not be obeyed either.
	serial=$(openssl x509 -in host.crt -noout -serial | cut -d= -f2)
	issue "$work/other.crt" "$signing" ca.key root.crt root.key signing
	revoke_list bad/crl-forged-revocation.crl "$work/other.crt" ca.key \
		crl_no_akid $from $until $((0x$serial))
	expect crl-forged-revocation ok host.crt $certs \
		bad/crl-forged-revocation.crl,$crls root.crt
	# One CRL that says revoked is enough, wherever it stands.
	revoke_list bad/crl-older.crl signing.crt signing.key crl $from $until
	expect crl-older-first revoked bad/host-revoked.crt $certs \
		bad/crl-older.crl,$crls root.crt 'bad/host-revoked.crt'
}

make_bad_crls_of_chain()
{
	revoke_list bad/ca-crl-expired.crl ca.crt ca.key crl $past_from \
		$past_until $serial_unused
	revoke_list bad/ca-crl-not-yet-valid.crl ca.crt ca.key crl \
		$future_from $until $serial_unused
	issue "$work/other.crt" "$ca_name" signing.key root.crt root.key ca_cert
	revoke_list bad/ca-crl-wrong-signer.crl "$work/other.crt" signing.key \
		crl_no_akid $from $until $serial_unused
	revoke_list bad/root-crl-expired.crl root.crt root.key crl $past_from \
		$past_until $serial_unused
	break_signature crl root.crl bad/root-crl-flipped-bit.crl

	expect ca-crl-missing chain-no-crl host.crt $certs \
		signing.crl,root.crl root.crt 'TEST Intermediate CA'
	expect root-crl-missing chain-no-crl host.crt $certs \
		signing.crl,ca.crl root.crt 'TEST Root CA'
	expect crls-missing chain-no-crl host.crt $certs - root.crt \
		'TEST Intermediate CA'
	expect ca-crl-expired chain-crl-expired host.crt $certs \
		signing.crl,bad/ca-crl-expired.crl,root.crl root.crt 'expired'
	expect ca-crl-not-yet-valid chain-crl-not-yet-valid host.crt $certs \
		signing.crl,bad/ca-crl-not-yet-valid.crl,root.crl root.crt \
		'not yet valid'
	expect ca-crl-wrong-signer chain-crl-signature host.crt $certs \
		signing.crl,bad/ca-crl-wrong-signer.crl,root.crl root.crt \
		'TEST Intermediate CA'
	expect root-crl-expired chain-crl-expired host.crt $certs \
		signing.crl,ca.crl,bad/root-crl-expired.crl root.crt \
		'TEST Root CA'
	expect root-crl-flipped-bit chain-crl-signature host.crt $certs \
		signing.crl,ca.crl,bad/root-crl-flipped-bit.crl root.crt \
		'TEST Root CA'
}

make_bad_files()
{
	echo 'TEST: neither a certificate nor a CRL' >bad/text.crt
	: >bad/empty.crt
	head -c 300 host.der >bad/truncated.der
	head -n 5 host.crt >bad/truncated.crt
	{
		echo '-----BEGIN CERTIFICATE-----'
		echo 'VEVTVA=='
		echo '-----END CERTIFICATE-----'
	} >bad/not-a-certificate.crt
	{
		cat signing.crl
		echo '-----BEGIN X509 CRL-----'
		echo 'VEVTVA=='
		echo '-----END X509 CRL-----'
	} >bad/second-is-damaged.crl

	local one
	for one in text.crt empty.crt truncated.der truncated.crt \
		not-a-certificate.crt; do
		expect "host-file-$one" unusable "bad/$one" $certs $crls \
			root.crt "bad/$one"
		expect "cert-file-$one" bad-file host.crt "bad/$one,$certs" \
			$crls root.crt "bad/$one"
		expect "crl-file-$one" bad-file host.crt $certs \
			"bad/$one,$crls" root.crt "bad/$one"
		expect "root-file-$one" bad-file host.crt $certs $crls \
			"bad/$one" "bad/$one"
	done
	expect crl-file-second-is-damaged bad-file host.crt $certs \
		bad/second-is-damaged.crl,$upper root.crt second-is-damaged.crl
	expect host-file-is-key unusable host.key $certs $crls root.crt host.key
	expect host-file-is-crl unusable signing.crl $certs $crls root.crt \
		signing.crl
	expect root-file-is-crl bad-file host.crt $certs $crls root.crl \
		root.crl
	expect crl-file-is-certificate bad-file host.crt $certs \
		signing.crt,$crls root.crt signing.crt
	expect host-file-missing unusable bad/none.crt $certs $crls root.crt \
		bad/none.crt
	expect cert-file-missing bad-file host.crt bad/none.crt,$certs $crls \
		root.crt bad/none.crt
	expect crl-file-missing bad-file host.crt $certs bad/none.crl,$crls \
		root.crt bad/none.crl
	expect crl-file-as-cert no-signing-key host.crt ca.crt,signing.crl \
		$crls root.crt 'Key Signing Service'
}

# The same as crl-missing, as a directory to point other tools at.
make_missing_crl_directory()
{
	mkdir bad/missing-crl
	cp host.crt signing.crt ca.crt root.crt ca.crl root.crl bad/missing-crl/
}

make_bad()
{
	export PKI_DP=signing.crl
	make_bad_hosts
	make_forged_akid
	make_wrong_kinds_of_key
	make_bad_signing_keys
	make_bad_chains
	make_long_chains
	make_fake_hierarchy
	make_bad_crls_of_signing_key
	make_bad_crls_of_chain
	make_bad_files
	make_missing_crl_directory
}
