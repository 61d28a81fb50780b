// Files sent on as the network allows: every chosen file becomes a tus upload of its own. A broken connection, a
// closed page, a restarted server: the upload goes on where it was, when the same file is chosen again at the latest.
(() => {
  'use strict'
  const { all, find, make, size, notice, say } = window.anyue || {}
  if (!make || !window.tus || !window.tus.isSupported) return
  const inputs = all('input[type=file][data-upload]')
  const list = find('[data-uploads]')
  if (!inputs.length || !list) return

  const target = inputs[0].dataset.upload
  const kind = inputs[0].dataset.uploadKind || 'occurrence'
  const form = inputs[0].form
  const limit = inputs[0].dataset.uploadLimitMb * 1048576
  const going = new Set()
  const unfinished = new Set() // those that stopped on their way as well
  let waiting = null // what was pressed while files were on their way

  inputs.forEach(input => input.removeAttribute('data-limit-mb'))
  all('[data-upload-words]').forEach(words => { words.textContent = words.dataset.uploadWords })
  all('[data-without-uploads]').forEach(button => { button.hidden = true })

  // The same file of the same thing is the same upload, on this device.
  const fingerprint = file => Promise.resolve(['anyue', target, file.name, file.size, file.lastModified].join('-'))

  // The queue of the phone takes over what was on its way: the files, and where their bytes stand.
  window.anyue.uploads = {
    patience: 20000, // a connection on which nothing moved for so long is dead, though nobody says so: another one is tried
    stop: () => Array.from(unfinished, upload => { upload.abort(); going.delete(upload); return { file: upload.file, url: upload.url || '' } }),
  }

  const row = file => {
    const line = make('li', {})
    const words = make('span', { class: 'sub', role: 'status' }, '等待上传')
    const bar = make('progress', { max: file.size || 1, value: 0, 'aria-label': file.name + '的上传进度' })
    const main = make('span', { class: 'row-main' })
    main.append(make('span', { 'data-own-words': '' }, file.name), bar, words)
    const inner = make('div', { class: 'row-plain' })
    inner.append(main)
    line.append(inner)
    list.append(line)
    list.hidden = false
    return { line, inner, words, bar }
  }

  const button = (words, act) => {
    const node = make('button', { type: 'button', class: 'btn btn-sm' }, words)
    node.addEventListener('click', act)
    return node
  }

  const refuse = (file, why) => {
    const { line, words, bar, inner } = row(file)
    bar.remove()
    line.className = 'too-big'
    words.textContent = why
    inner.append(button('知道了', () => line.remove()))
  }

  // What the server says about a file it does not take.
  const sentence = error => {
    const answer = error.originalResponse
    if (!answer) return ''
    if (answer.getStatus() === 401) return '登录已到时。请在新窗口登录后点“继续”，已传的部分还在。'
    try { return JSON.parse(answer.getBody()).detail || '' } catch (_) { return '' }
  }

  // Brings the list of files up to date without touching what is being typed.
  const refresh = () => fetch((find('[data-upload-refresh]') || { dataset: {} }).dataset.uploadRefresh || location.href, { credentials: 'same-origin' })
    .then(answer => answer.text())
    .then(html => {
      const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-files]')
      const present = find('[data-files]')
      if (fresh && present) present.replaceWith(document.importNode(fresh, true))
    })

  const send = file => {
    if (file.size === 0) return refuse(file, '文件是空的，没有上传，请重新选择')
    if (file.size > limit) return refuse(file, '超过 ' + limit / 1073741824 + ' GB，没有上传，请压缩或截短后再选')
    const { line, inner, words, bar } = row(file)
    const started = { at: 0, time: Date.now() }
    let moved = Date.now()
    const upload = new window.tus.Upload(file, {
      endpoint: '/api/v1/uploads',
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      removeFingerprintOnSuccess: true,
      fingerprint,
      metadata: { filename: file.name, [kind]: target },
      onShouldRetry: error => {
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0
        unsteady()
        return status < 400 || status === 409 && !sentence(error) || status === 423 || status === 460 || status >= 500
      },
      onProgress: (sent, total) => {
        if (sent !== bar.value) moved = Date.now()
        bar.value = sent
        const left = (total - sent) / Math.max(1, (sent - started.at) / (Date.now() - started.time)) / 1000
        words.textContent = '已传 ' + size(sent) + '，共 ' + size(total) + (left > 5 ? '，约还要 ' + (left > 90 ? Math.ceil(left / 60) + ' 分钟' : Math.ceil(left) + ' 秒') : '')
      },
      onSuccess: () => {
        going.delete(upload)
        unfinished.delete(upload)
        line.remove()
        list.hidden = !list.children.length
        say(file.name + '已收到')
        // The form that a file stands on is kept with it, also when nothing was typed.
        if (form.dataset.autosave && form.elements.key) form.elements.key.dispatchEvent(new Event('input', { bubbles: true }))
        refresh().finally(() => {
          if (going.size || !waiting) return
          const { submitter } = waiting
          waiting = null
          notice('')
          form.requestSubmit(submitter || undefined)
        })
      },
      onError: error => {
        going.delete(upload)
        if (waiting) {
          waiting = null
          notice('有文件没有传完，还没有报送；您填写的内容都在')
        }
        const why = sentence(error)
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0
        words.textContent = why || '没有传完，已传的部分还在'
        pause.hidden = true
        again.hidden = status >= 400 && status < 500 && status !== 401
        if (again.hidden) unfinished.delete(upload)
        say(words.textContent)
      },
    })
    const unsteady = () => { words.textContent = '网络不稳，正在重新连接；已传 ' + size(bar.value) }
    const watch = setInterval(() => {
      if (!line.isConnected) return clearInterval(watch)
      const patience = window.anyue.uploads.patience * (bar.value < file.size ? 1 : 6) // the end is checked over there
      if (!going.has(upload) || Date.now() - moved < patience) return
      moved = Date.now()
      unsteady()
      upload.abort().then(() => { if (going.has(upload)) upload.start() }, () => {})
    }, 1000)
    const begin = () => {
      moved = Date.now()
      going.add(upload)
      unfinished.add(upload)
      pause.hidden = false
      again.hidden = true
      started.time = Date.now()
      started.at = bar.value
      upload.start()
    }
    const pause = button('暂停', () => { going.delete(upload); upload.abort(); words.textContent = '已暂停，已传 ' + size(bar.value); pause.hidden = true; again.hidden = false })
    const again = button('继续', begin)
    const drop = button('取消', () => { going.delete(upload); unfinished.delete(upload); upload.abort(true).catch(() => {}); line.remove(); list.hidden = !list.children.length })
    inner.append(pause, again, drop)
    window.addEventListener('online', () => { if (line.isConnected && !again.hidden) begin() })
    upload.findPreviousUploads().then(before => {
      if (before.length) upload.resumeFromPreviousUpload(before[0])
      begin()
    })
  }

  document.addEventListener('change', event => {
    const input = event.target
    if (!inputs.includes(input)) return
    event.stopPropagation()
    const chosen = Array.from(input.files)
    input.value = ''
    chosen.forEach(send)
  }, true)

  document.addEventListener('submit', event => {
    if (!going.size || event.target !== form) return
    event.preventDefault()
    event.stopImmediatePropagation()
    waiting = { submitter: event.submitter }
    notice('还有 ' + going.size + ' 个文件正在上传，传完后自动继续；您填写的内容都在')
  }, true)

  window.addEventListener('beforeunload', event => { if (going.size) { event.preventDefault(); event.returnValue = '' } })

  // What was not finished when the page was closed: the bytes that came are kept, the file itself must be chosen again.
  try {
    const left = Object.keys(localStorage).filter(key => key.startsWith('tus::anyue-' + target + '-'))
    left.map(key => JSON.parse(localStorage.getItem(key))).forEach(before => {
      const { line, words, bar, inner } = row({ name: before.metadata.filename, size: before.size })
      bar.remove()
      words.textContent = '上次没有传完。请再选一次这个文件，会从断开的地方接着传。'
      inner.append(button('知道了', () => line.remove()))
      line.dataset.left = before.metadata.filename
    })
    document.addEventListener('change', event => {
      if (inputs.includes(event.target)) all('[data-left]', list).forEach(line => line.remove())
    }, true)
  } catch (_) { /* no storage: nothing is remembered on this device */ }
})()
