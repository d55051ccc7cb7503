// Proof of work: the number that makes SHA-256 of `token~number` begin with enough zero bits.
const NUMBERS_AT_A_TIME = 500;

// "" where the browser cannot hash: on an address without https.
export async function proofOfWork({ token, bits }) {
  if (!globalThis.crypto?.subtle) return "";
  const encoder = new TextEncoder();
  for (let first = 0; ; first += NUMBERS_AT_A_TIME) {
    const proofs = Array.from({ length: NUMBERS_AT_A_TIME }, (_, n) => `${token}~${first + n}`);
    const digests = await Promise.all(
      proofs.map((proof) => crypto.subtle.digest("SHA-256", encoder.encode(proof))),
    );
    const found = digests.findIndex((digest) => zeroBits(new Uint8Array(digest)) >= bits);
    if (found >= 0) return proofs[found];
  }
}

function zeroBits(bytes) {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first]) - 24;
}
