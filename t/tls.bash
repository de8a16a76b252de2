# Certificates for tests of TLS.
# shellcheck shell=bash

# authority [NAME]: of the test's own, NAME.pem and NAME.key; ca by default.
authority()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "${1:-ca}.key" -out "${1:-ca}.pem" \
	    -subj "/CN=authority ${1:-}" -days 2 2>/dev/null
}

# cert NAME SUBJECT DAYS [CA]: a certificate of it, NAME.pem and NAME.key.
cert()
{
	local ca=${4:-ca}

	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA "$ca.pem" -CAkey "$ca.key" \
	    -days "$3" -CAcreateserial \
	    -extfile <(echo "subjectAltName = DNS:$2,IP:127.0.0.1") \
	    -out "$1.pem" 2>/dev/null
}
