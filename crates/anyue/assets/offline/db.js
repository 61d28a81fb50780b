// The phone's own store. Two databases, because they live differently:
//   anyue-queue  what was typed here and its files; stays until the server has given a receipt
//   anyue-kit    what the server told last (duties, kinds, units); goes at sign-out
// An item: { id, kind: 'record' | 'report', account, accountName, seq, createdAt, updatedAt, state, reason, problems,
//   key, fields, files: [{ id, name, type, size, url, sent }], belongs, mirror, other, receipt, origin, leftovers, copied }
// State is draft, queued, problem, received or deleted; "being sent" is never stored, so that a crash leaves no ghost.

const QUEUE = 'anyue-queue'
const KIT = 'anyue-kit'
const DAYS_30 = 30 * 24 * 3600 * 1000

const settled = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

const opened = {}
const open = name => {
  if (!opened[name]) {
    opened[name] = new Promise((resolve, reject) => {
      if (!self.indexedDB) return reject(new Error('no store'))
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => {
        const db = request.result
        if (name === KIT) return db.createObjectStore('kit')
        db.createObjectStore('items', { keyPath: 'id' })
        db.createObjectStore('blobs')
        db.createObjectStore('meta')
      }
      request.onerror = () => reject(request.error)
      request.onblocked = () => reject(new Error('blocked'))
      request.onsuccess = () => {
        const db = request.result
        // Sign-out deletes the kit from another page; a connection left open would hold it back.
        db.onversionchange = db.onclose = () => { db.close(); delete opened[name] }
        resolve(db)
      }
    })
    opened[name].catch(() => { delete opened[name] })
  }
  return opened[name]
}

// Work inside one transaction; resolves when it is written, not when it is asked for.
const within = async (name, stores, mode, work) => {
  const db = await open(name)
  return new Promise((resolve, reject) => {
    let tx
    try { tx = db.transaction(stores, mode, { durability: 'strict' }) } catch (_) { tx = db.transaction(stores, mode) }
    let answer
    tx.oncomplete = () => resolve(answer)
    tx.onabort = () => reject(tx.error || new Error('aborted'))
    tx.onerror = () => {}
    Promise.resolve(work(...stores.map(store => tx.objectStore(store)))).then(value => { answer = value }, error => {
      reject(error)
      try { tx.abort() } catch (_) { /* over already */ }
    })
  })
}

export const uuid = () => {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

// ----- telling other parts of the page, and other pages, that something has changed -----

const listeners = new Set()
const channel = self.BroadcastChannel ? new BroadcastChannel('anyue-queue') : null
export const tell = what => {
  listeners.forEach(listener => listener(what))
  if (channel) channel.postMessage(what)
}
export const listen = listener => { listeners.add(listener) }
if (channel) channel.onmessage = event => listeners.forEach(listener => listener(event.data))

// ----- items -----

// By the number this device gave them: its clock may be wrong or be set back.
const order = (one, other) => one.seq - other.seq || (one.id < other.id ? -1 : 1)

export const all = async () => (await within(QUEUE, ['items'], 'readonly', items => settled(items.getAll()))).sort(order)
export const get = id => within(QUEUE, ['items'], 'readonly', items => settled(items.get(id)))

export const blank = (kind, account, fields) => ({
  id: uuid(), key: uuid(), kind, account: account.id, accountName: account.name, seq: 0, createdAt: Date.now(),
  updatedAt: Date.now(), state: 'draft', reason: '', problems: {}, fields: fields || {}, files: [], belongs: [],
  mirror: { version: 0, at: 0 }, other: null, receipt: null, origin: '',
})

// Puts a new item into the store with the number of this device; files come with their contents.
export const add = async (item, contents) => {
  await within(QUEUE, ['items', 'blobs', 'meta'], 'readwrite', async (items, blobs, meta) => {
    const seq = (await settled(meta.get('seq')) || 0) + 1
    meta.put(seq, 'seq')
    ;(contents || []).forEach(({ id, blob }) => blobs.put(blob, id))
    items.put({ ...item, seq })
  })
  tell({ changed: item.id })
  return item
}

// Changes an item as it stands in the store; what another page has written meanwhile is not overwritten.
export const change = async (id, work) => {
  const after = await within(QUEUE, ['items'], 'readwrite', async items => {
    const item = await settled(items.get(id))
    if (!item) return null
    const after = work(item)
    if (after) items.put(after)
    return after || item
  })
  tell({ changed: id })
  return after
}

export const addFile = async (id, file, url) => {
  const entry = { id: uuid(), name: file.name || '照片', type: file.type, size: file.size, url: url || '', sent: false }
  // A copy: the phone may move or change the file behind a File.
  const blob = file.slice(0, file.size, file.type)
  await within(QUEUE, ['items', 'blobs'], 'readwrite', async (items, blobs) => {
    const item = await settled(items.get(id))
    if (!item) return
    blobs.put(blob, entry.id)
    items.put({ ...item, files: [...item.files, entry], updatedAt: Date.now() })
  })
  tell({ changed: id })
  return entry
}

export const dropFile = async (id, file) => {
  await within(QUEUE, ['items', 'blobs'], 'readwrite', async (items, blobs) => {
    const item = await settled(items.get(id))
    if (!item) return
    blobs.delete(file)
    const leftovers = [...(item.leftovers || []), ...urls(item, item.files.filter(one => one.id === file))]
    items.put({ ...item, leftovers, files: item.files.filter(one => one.id !== file), updatedAt: Date.now() })
  })
  tell({ changed: id })
}

export const blob = file => within(QUEUE, ['blobs'], 'readonly', blobs => settled(blobs.get(file)))

// The server has it: its line stays, its files make room.
export const received = async (id, receipt) => {
  await within(QUEUE, ['items', 'blobs'], 'readwrite', async (items, blobs) => {
    const item = await settled(items.get(id))
    if (!item) return
    item.files.forEach(file => blobs.delete(file.id))
    items.put({ ...item, state: 'received', reason: '', problems: {}, other: null, receipt })
  })
  tell({ changed: id })
}

// Where the bytes of these files stand on the server. What was copied to another device is left to that one.
const urls = (item, files) => item.copied ? [] : files.map(file => file.url).filter(url => url)

// Goes from the phone. A mark stays while the server still has to forget its draft, or what went up of its files. When
// another item takes them over, they stay.
export const remove = async (id, takenOver) => {
  await within(QUEUE, ['items', 'blobs'], 'readwrite', async (items, blobs) => {
    const item = await settled(items.get(id))
    if (!item) return
    item.files.forEach(file => blobs.delete(file.id))
    const leftovers = takenOver ? [] : [...(item.leftovers || []), ...urls(item, item.files)]
    if (item.mirror.version > 0 || leftovers.length) items.put({ ...item, state: 'deleted', leftovers, fields: {}, files: [], updatedAt: Date.now() })
    else items.delete(id)
  })
  tell({ changed: id })
}
export const forgetMark = id => within(QUEUE, ['items'], 'readwrite', items => { items.delete(id) })

// Lines of what was received go after 30 days; nothing else goes because of its age.
export const sweep = async () => {
  const old = (await all()).filter(item => item.state === 'received' && item.receipt.noted + DAYS_30 < Date.now())
  await Promise.all(old.map(item => forgetMark(item.id)))
}

export const isOpen = item => item.state === 'draft' || item.state === 'queued' || item.state === 'problem'

// ----- the kit -----

export const kit = () => within(KIT, ['kit'], 'readonly', store => settled(store.get('kit'))).catch(() => undefined)
export const keepKit = value => within(KIT, ['kit'], 'readwrite', store => { store.put(value, 'kit') })
