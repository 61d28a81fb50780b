// The sealed file: what is put in, encrypted with a passphrase, and read back. docs/sealed-queue.md describes it.
// Only WebCrypto; no store and no page here.

const MAGIC = [0x41, 0x4E, 0x59, 0x55, 0x45, 0x51] // "ANYUEQ"
const VERSION = 1
const ROUNDS = 600000
const PIECE = 1024 * 1024
const HEAD = 6 + 1 + 4 + 16 + 7 // magic, version, rounds, salt, nonce prefix
const TAG = 16

export class Wrong extends Error {}

export const isPossible = () => Boolean(self.crypto && crypto.subtle)

const key = async (passphrase, salt, rounds) => {
  const secret = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

// Each piece has its number and whether it is the last in its nonce: none can be left out, moved or cut off.
const nonce = (prefix, count, last) => {
  const bytes = new Uint8Array(12)
  bytes.set(prefix)
  new DataView(bytes.buffer).setUint32(7, count)
  bytes[11] = last ? 1 : 0
  return bytes
}

// Seals a manifest (anything JSON can say) and files; the answer is a Blob. `rounds` is for tests only.
export const seal = async (passphrase, manifest, blobs, rounds) => {
  const turns = rounds || ROUNDS
  const head = new Uint8Array(HEAD)
  head.set(MAGIC)
  head[6] = VERSION
  new DataView(head.buffer).setUint32(7, turns)
  crypto.getRandomValues(head.subarray(11))
  const [salt, prefix] = [head.slice(11, 27), head.slice(27, 34)]
  const secret = await key(passphrase, salt, turns)
  const text = new TextEncoder().encode(JSON.stringify({ ...manifest, sizes: blobs.map(blob => blob.size) }))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, text.length)
  const whole = new Blob([length, text, ...blobs])
  const parts = [head]
  const count = Math.max(1, Math.ceil(whole.size / PIECE))
  for (let n = 0; n < count; n++) {
    const piece = await whole.slice(n * PIECE, (n + 1) * PIECE).arrayBuffer()
    const iv = nonce(prefix, n, n === count - 1)
    parts.push(new Blob([await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: head }, secret, piece)]))
  }
  return new Blob(parts, { type: 'application/octet-stream' })
}

// Opens a sealed file: { manifest, blobs }. Throws Wrong with a sentence for anything else than such a file and its passphrase.
export const open = async (passphrase, file) => {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer())
  if (head.length < HEAD || MAGIC.some((byte, n) => head[n] !== byte)) throw new Wrong('这不是本页存出的文件，或者文件没有传完整')
  if (head[6] !== VERSION) throw new Wrong('这个文件是更新的版本存出的，请刷新本页后再取回')
  const rounds = new DataView(head.buffer).getUint32(7)
  if (rounds < 1 || rounds > 10000000) throw new Wrong('文件已损坏')
  const secret = await key(passphrase, head.slice(11, 27), rounds)
  const prefix = head.slice(27, 34)
  const sealed = PIECE + TAG
  const count = Math.ceil((file.size - HEAD) / sealed)
  if (count < 1) throw new Wrong('文件没有传完整')
  const parts = []
  for (let n = 0; n < count; n++) {
    const piece = await file.slice(HEAD + n * sealed, HEAD + (n + 1) * sealed).arrayBuffer()
    const iv = nonce(prefix, n, n === count - 1)
    try {
      parts.push(new Blob([await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: head }, secret, piece)]))
    } catch (_) {
      throw new Wrong(n === 0 ? '口令不对，或者文件已损坏' : '文件没有传完整，或者已损坏')
    }
  }
  const whole = new Blob(parts)
  const length = new DataView(await whole.slice(0, 4).arrayBuffer()).getUint32(0)
  let manifest
  try { manifest = JSON.parse(new TextDecoder().decode(await whole.slice(4, 4 + length).arrayBuffer())) } catch (_) { throw new Wrong('文件已损坏') }
  let at = 4 + length
  const blobs = (manifest.sizes || []).map(size => whole.slice(at, at += size))
  if (at !== whole.size) throw new Wrong('文件已损坏')
  return { manifest, blobs }
}
