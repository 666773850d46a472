// What is encrypted: parts of the file, the log as it is kept here, and the log as it is carried home.
const IV = 12;
const MOST_ITERATIONS = 10000000;

const fromBase64 = (text) => Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0));
const toBase64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};
const asBytes = (text) => new TextEncoder().encode(text);
const asText = (bytes) => new TextDecoder().decode(bytes);

// As the program has it: capitals, spaces and hyphens do not matter.
function typedAlike(passphrase) {
  return passphrase
    .normalize("NFKC")
    .replace(/[ \t\r\n\u00a0\u1680\u202f\u205f\u3000\ufeff\-\u2212\u2000-\u200f\u2010-\u2015]/g, "")
    .toLowerCase();
}

const aesKey = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

async function unseal(key, sealed, bound) {
  const how = { name: "AES-GCM", iv: sealed.subarray(0, IV), additionalData: asBytes(bound) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.subarray(IV)));
}

async function seal(key, content, bound) {
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const how = { name: "AES-GCM", iv, additionalData: asBytes(bound) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, content));
  const both = new Uint8Array(IV + sealed.length);
  both.set(iv);
  both.set(sealed, IV);
  return both;
}

async function keyFrom(passphrase, header) {
  if (!(header.iterations > 0 && header.iterations <= MOST_ITERATIONS)) throw new Error("iterations");
  const typed = await crypto.subtle.importKey("raw", asBytes(typedAlike(passphrase)), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromBase64(header.salt), iterations: header.iterations };
  return aesKey(await crypto.subtle.deriveBits(how, typed, 256));
}

// Whether the passphrase is right, whatever happened to the rest of the file.
async function isRight(key, header) {
  try {
    await unseal(key, fromBase64(header.check), "casework go-bag: the passphrase is right");
    return true;
  } catch {
    return false;
  }
}

// The part of this number, from wherever it stands; null where every copy of it is damaged or missing.
async function openPart(key, line, number) {
  for (const place of document.querySelectorAll(`script[data-part="${number}"]`)) {
    try {
      return await unseal(key, fromBase64(place.textContent), `${line}\n${number}`);
    } catch {
      // the next copy, where there is one
    }
  }
  return null;
}

// A code for a log: lines of five groups of four, each of which proves itself. domain/parliament/visit_codes.py reads it.
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function codeLines(bytes) {
  let signs = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      signs += SIGNS[(held >> bits) & 31];
    }
  }
  if (bits) signs += SIGNS[(held << (5 - bits)) & 31];
  return signs.match(/.{1,18}/g).map((piece, row) => {
    let proof = (row + 1) % 1021;
    for (const sign of piece) proof = (proof * 31 + SIGNS.indexOf(sign) + 1) % 1021;
    return (piece + SIGNS[proof >> 5] + SIGNS[proof & 31]).match(/.{1,4}/g).join(" ");
  });
}

async function carried(key, bag, log) {
  const sealed = await seal(key, asBytes(JSON.stringify(log)), `visit log 1 ${bag}`);
  const token = bag.match(/../g).map((two) => parseInt(two, 16));
  const whole = new Uint8Array(1 + token.length + sealed.length);
  whole.set([1, ...token]);
  whole.set(sealed, 1 + token.length);
  return codeLines(whole);
}
