# Certificates for tests of TLS.
# shellcheck shell=bash

# authority: of the test's own, ca.pem and ca.key.
authority()
{
	openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem \
	    -subj /CN=authority -days 2 2>/dev/null
}

# cert NAME SUBJECT DAYS: a certificate of it, NAME.pem and NAME.key.
cert()
{
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" \
	    -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days "$3" \
	    -extfile <(echo "subjectAltName = DNS:$2") -out "$1.pem" 2>/dev/null
}
