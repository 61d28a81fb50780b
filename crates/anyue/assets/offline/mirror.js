// Drafts are kept on the server too, as soon as there is a network: their texts, and the names of their files. They come
// back on another phone; two edits of one draft are both shown.
import * as db from './db.js'

const PATH = '/api/v1/work/drafts'

export const device = () => {
  const agent = navigator.userAgent
  const kind = /iPhone/.test(agent) ? '苹果手机' : /iPad/.test(agent) ? '苹果平板' : /Android/.test(agent) ? '安卓手机' : '电脑'
  return kind + (/MicroMessenger/.test(agent) ? '（微信）' : '')
}

// What is kept: all that is typed, and the key, so that a draft sent from two phones arrives once.
const content = item => ({
  kind: item.kind, key: item.key, fields: item.fields, belongs: item.belongs, createdAt: item.createdAt,
  files: item.files.map(file => ({ name: file.name, size: file.size })),
})

const ask = async (method, path, body) => {
  const answer = await fetch(path, {
    method, credentials: 'same-origin', cache: 'no-store',
    headers: body ? { 'content-type': 'application/json' } : {}, body: body && JSON.stringify(body),
  })
  return { status: answer.status, json: answer.ok && answer.status !== 204 ? await answer.json() : null }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)

const push = async (item, find) => {
  const updatedAt = item.updatedAt
  const { status, json } = await ask('PUT', PATH + '/' + item.id, { version: item.mirror.version, device: device(), content: content(item) })
  if (status === 200) return db.change(item.id, known => ({ ...known, mirror: { version: json.version, at: updatedAt, when: Date.now() } }))
  if (status === 409) {
    const there = await find(item.id)
    if (there) return db.change(item.id, known => ({ ...known, other: there }))
    return db.change(item.id, known => ({ ...known, mirror: { ...known.mirror, full: true, at: updatedAt } }))
  }
  // Sent or deleted on another device. It is neither sent nor deleted here without being asked.
  if (status === 404) return db.change(item.id, known => ({ ...known, mirror: { version: 0, at: updatedAt, gone: true } }))
}

// Takes a draft of another device over: a new item, or the changes made there to one that rests here.
const take = async (draft, account) => {
  const item = await db.get(draft.id)
  const mirror = { version: draft.version, at: 0, when: Date.now() }
  if (!item) {
    const { kind, key, fields, belongs, createdAt, files } = draft.content
    const fresh = { ...db.blank(kind, account, fields), id: draft.id, key, belongs: belongs || [], createdAt, updatedAt: draft.updated_at }
    return db.add({ ...fresh, elsewhere: files || [], device: draft.device, mirror: { ...mirror, at: draft.updated_at } })
  }
  if (!db.isOpen(item) || item.account !== account.id || draft.version <= item.mirror.version) return
  if (same(draft.content.fields, item.fields)) return db.change(item.id, known => ({ ...known, mirror: { ...mirror, at: known.updatedAt } }))
  if (item.updatedAt > item.mirror.at) return db.change(item.id, known => ({ ...known, other: draft }))
  return db.change(item.id, known => ({ ...known, fields: draft.content.fields, updatedAt: draft.updated_at, mirror: { ...mirror, at: draft.updated_at } }))
}

// What went up of files that are no longer wanted: the server forgets it too. Throws when there is no network.
export const forget = async item => {
  for (const url of item.leftovers || []) {
    const answer = await fetch(url, { method: 'DELETE', credentials: 'same-origin', headers: { 'tus-resumable': '1.0.0' } })
    // Anything else means that it is gone, or has been handed in by another device.
    if (answer.status >= 500 || answer.status === 429) throw new Error('later')
    await db.change(item.id, known => ({ ...known, leftovers: known.leftovers.filter(one => one !== url) }))
  }
}

let running = null
// Brings both sides together; silent when there is no network.
export const mirror = () => {
  running = running || go().catch(() => {}).then(() => { running = null })
  return running
}

const go = async () => {
  const kit = await db.kit()
  if (!kit) return
  const { status, json } = await ask('GET', PATH)
  if (status !== 200) return
  for (const item of await db.all()) {
    if (item.account === kit.account.id && item.state === 'deleted') {
      await forget(item)
      const answer = item.mirror.version > 0 ? await ask('DELETE', PATH + '/' + item.id) : { status: 204 }
      if (answer.status === 204) await db.forgetMark(item.id)
    }
  }
  const gone = new Set((await db.all()).filter(item => item.state === 'deleted').map(item => item.id))
  const known = new Set((await db.all()).map(item => item.id))
  for (const draft of json.items) if (!gone.has(draft.id) && (known.has(draft.id) || !(await was(draft.id)))) await take(draft, kit.account)
  const find = async id => ((await ask('GET', PATH)).json || { items: [] }).items.find(draft => draft.id === id)
  for (const item of await db.all()) {
    const changed = item.updatedAt > (item.mirror.at || 0)
    if (item.account === kit.account.id && db.isOpen(item) && changed && !item.other && !item.fields.liaison_form) await push(item, find)
  }
}

// Deleted here a moment ago, while the answer of the server was under way.
const was = async id => { const item = await db.get(id); return Boolean(item && item.state === 'deleted') }

// Settles two edits of one draft: 'mine', 'theirs' or 'both'.
export const settle = async (id, choice) => {
  const item = await db.get(id)
  if (!item || !item.other) return
  const { version, content } = item.other
  if (choice === 'both') {
    const copy = { ...db.blank(item.kind, { id: item.account, name: item.accountName }, content.fields), belongs: content.belongs || [] }
    await db.add(copy)
  }
  const fields = choice === 'theirs' ? content.fields : item.fields
  await db.change(id, known => ({ ...known, fields, other: null, updatedAt: Date.now(), mirror: { version: version || known.mirror.version, at: 0 } }))
  mirror()
}
