// The queue as one sealed file, and back: on the same phone or another, any number of times, nothing doubles.
import * as db from './db.js'
import { open, seal, Wrong } from './sealed.js'

// One item, or all that was not sent.
export const pack = async (passphrase, account, only, rounds) => {
  const items = (await db.all()).filter(item => db.isOpen(item) && item.account === account && (!only || item.id === only))
  const files = items.flatMap(item => item.files)
  const blobs = []
  for (const file of files) {
    const blob = await db.blob(file.id)
    blobs.push(blob || new Blob([]))
  }
  for (const item of items) await db.change(item.id, known => ({ ...known, copied: true }))
  const lines = items.map(item => ({ ...item, copied: true, files: item.files.map(file => ({ ...file, at: files.indexOf(file) })) }))
  return { count: items.length, file: await seal(passphrase, { kind: 'queue', items: lines }, blobs, rounds) }
}

// Brings items in: { added, known, both }. What is here already stays as it is; what was changed on both sides is shown.
export const unpack = async (passphrase, file, account) => {
  const { manifest, blobs } = await open(passphrase, file)
  if (manifest.kind !== 'queue' || !Array.isArray(manifest.items)) throw new Wrong('文件里没有待发送的内容')
  const sum = { added: 0, known: 0, both: 0 }
  for (const line of manifest.items) {
    const here = await db.get(line.id)
    const contents = line.files.map(({ id, at, type }) => ({ id, blob: blobs[at].slice(0, blobs[at].size, type || '') }))
    const files = line.files.map(({ at, ...file }) => file)
    if (!here || (here.state === 'draft' && here.elsewhere && here.elsewhere.length && !here.files.length)) {
      // New here, or come by way of the server without its photos: now they are there.
      const { mirror, other, ...item } = line
      const fresh = { ...item, files, account: account.id, accountName: account.name, other: null, mirror: here ? here.mirror : { version: 0, at: 0 } }
      await db.add({ ...fresh, fields: here ? here.fields : line.fields, elsewhere: [] }, contents)
      sum.added++
    } else if (db.isOpen(here) && here.updatedAt !== line.updatedAt && JSON.stringify(here.fields) !== JSON.stringify(line.fields)) {
      await db.change(here.id, known => ({ ...known, other: { device: '取回的文件', updated_at: line.updatedAt, version: known.mirror.version, content: { fields: line.fields, belongs: line.belongs } } }))
      sum.both++
    } else {
      sum.known++
    }
  }
  return sum
}
