# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The hierarchy as it should be; read by make-test-pki.

# A verifier knows the signing key by exactly these six entries; only the start
# of the OU is free, so TEST stands there (and in every other name).
ibm='International Business Machines Corporation'
signing_name()
{
	echo "/C=US/O=$ibm/CN=$ibm/ST=New York/L=$1/OU=TEST Host Key Signing Service"
}
root_name='/C=US/O=TEST Secure Execution/CN=TEST Root CA'
ca_name='/C=US/O=TEST Secure Execution/CN=TEST Intermediate CA'
signing=$(signing_name Poughkeepsie)
signing_armonk=$(signing_name Armonk)
signing_reordered="/C=US/O=$ibm/OU=TEST Host Key Signing Service/L=Poughkeepsie/ST=New York/CN=$ibm"
host_name='/C=US/O=TEST Secure Execution/CN=TEST Host Key'

# Serial numbers that CRLs name.
serial_host_revoked=2561 serial_signing_revoked=2562 serial_ca_revoked=2563
serial_unused=2564

make_keys()
{
	local one

	for one in root ca signing bad/fake-root bad/fake-ca bad/fake-signing; do
		rsa_key "$one.key" 2048 &
	done
	rsa_key bad/weak-signing.key 1024 &
	wait
	ec_key host.key secp521r1
	ec_key host2.key secp521r1
}

make_good_chain()
{
	PKI_DP='' issue root.crt "$root_name" root.key - - root
	PKI_DP=root.crl issue ca.crt "$ca_name" ca.key root.crt root.key ca_cert
	PKI_DP=ca.crl issue signing.crt "$signing" signing.key ca.crt ca.key \
		signing
	PKI_DP=ca.crl issue signing-armonk.crt "$signing_armonk" signing.key \
		ca.crt ca.key signing
	# Never handed out: only lends its name to issue under it.
	issue "$work/reordered.crt" "$signing_reordered" signing.key ca.crt \
		ca.key signing
}

make_good_hosts()
{
	export PKI_DP=signing.crl
	issue host.crt "$host_name 1" host.key signing.crt signing.key host
	issue host2.crt "$host_name 2" host2.key signing.crt signing.key host
	PKI_DP=signing-armonk.crl issue host-armonk.crt "$host_name 1" \
		host.key signing-armonk.crt signing.key host
	issue host-reordered.crt "$host_name 1" host.key \
		"$work/reordered.crt" signing.key host
	issue host-no-akid.crt "$host_name 1" host.key signing.crt \
		signing.key host_no_akid
	issue host-no-usage.crt "$host_name 1" host.key signing.crt \
		signing.key host_no_usage
	cat host.crt host2.crt >host-two-in-one.crt
}

make_good_crls()
{
	revoke_list root.crl root.crt root.key crl $from $until \
		$serial_unused $serial_ca_revoked
	revoke_list ca.crl ca.crt ca.key crl $from $until $serial_unused \
		$serial_signing_revoked
	revoke_list signing.crl signing.crt signing.key crl $from $until \
		$serial_unused $serial_host_revoked
	revoke_list signing-armonk.crl signing-armonk.crt signing.key crl \
		$from $until $serial_unused $serial_host_revoked
	revoke_list signing-reordered.crl "$work/reordered.crt" signing.key \
		crl $from $until $serial_unused $serial_host_revoked
	revoke_list signing-no-akid.crl signing.crt signing.key crl_no_akid \
		$from $until $serial_unused $serial_host_revoked
}

make_other_forms()
{
	local one

	for one in root ca signing host host2; do
		openssl x509 -in $one.crt -outform DER -out $one.der
	done
	for one in root ca signing; do
		openssl crl -in $one.crl -outform DER -out $one-crl.der
	done
	cat signing.crl ca.crl signing.crt >signing-chained.crt
	cat root.crt root.crl >root-chained.crt
}

list_good()
{
	local certs=signing.crt,ca.crt crls=signing.crl,ca.crl,root.crl
	local armonk=signing-armonk.crt,ca.crt upper=ca.crl,root.crl

	expect good ok host.crt $certs $crls root.crt
	expect good-two-hosts ok host.crt,host2.crt $certs $crls root.crt
	expect good-der ok host.der signing.der,ca.der \
		signing-crl.der,ca-crl.der,root-crl.der root.der
	expect good-crls-in-certificate-files ok host.crt \
		signing-chained.crt,ca.crt - root-chained.crt
	expect good-armonk ok host-armonk.crt $armonk \
		signing-armonk.crl,$upper root.crt
	expect good-armonk-old-crl ok host-armonk.crt $armonk \
		signing.crl,$upper root.crt
	expect good-armonk-old-host ok host.crt $armonk signing.crl,$upper \
		root.crt
	expect good-reordered-names ok host-reordered.crt $certs \
		signing-reordered.crl,$upper root.crt
	expect good-no-akid ok host-no-akid.crt $certs \
		signing-no-akid.crl,$upper root.crt
	expect good-no-key-usage ok host-no-usage.crt $certs $crls root.crt
	expect good-two-in-one-file ok host-two-in-one.crt $certs $crls root.crt
}

make_good()
{
	make_good_chain
	make_good_hosts
	make_good_crls
	make_other_forms
	list_good
}
