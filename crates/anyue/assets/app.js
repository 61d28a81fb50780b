// Behaviour of all pages. One listener for each kind of event, told by data- attributes what to do; docs/ui.md
// lists them. Pages work without this file, except where they say so.
(() => {
  'use strict'
  const root = document.documentElement
  const find = (selector, from) => (from || document).querySelector(selector)
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector))
  const make = (tag, attributes, text) => {
    const node = document.createElement(tag)
    for (const key in attributes) node.setAttribute(key, attributes[key])
    if (text) node.textContent = text
    return node
  }
  const clock = () => new Date().toTimeString().slice(0, 5)

  // ----- saying something -----

  const say = text => {
    const live = find('#live')
    if (!live) return
    live.textContent = ''
    setTimeout(() => { live.textContent = text }, 50)
  }
  const notice = text => {
    const bar = find('#notice')
    if (!bar) return
    bar.textContent = ''
    if (text) {
      bar.append(make('span', {}, text), make('button', { type: 'button', 'data-hide-notice': '' }, '知道了'))
    }
    bar.hidden = !text
  }

  // ----- large type -----

  const largeType = () => {
    const on = root.classList.toggle('large')
    document.cookie = 'large_type=' + (on ? '1' : '0') + '; path=/; max-age=31536000; samesite=lax'
    all('[data-large-type]').forEach(button => button.setAttribute('aria-pressed', String(on)))
    say(on ? '已换成大字' : '已换回标准字号')
  }

  // ----- a question before something that matters -----

  const ask = (question, yes) => new Promise(resolve => {
    const dialog = make('dialog', { 'aria-labelledby': 'ask-words' })
    if (!dialog.showModal) return resolve(window.confirm(question))
    const actions = make('div', { class: 'dialog-actions' })
    const no = make('button', { type: 'button', class: 'btn' }, '取消')
    const ok = make('button', { type: 'button', class: 'btn btn-primary' }, yes || '确定')
    actions.append(no, ok)
    dialog.append(make('p', { id: 'ask-words' }, question), actions)
    document.body.append(dialog)
    let answer = false
    no.onclick = () => dialog.close()
    ok.onclick = () => { answer = true; dialog.close() }
    dialog.onclose = () => { dialog.remove(); resolve(answer) }
    dialog.showModal()
    no.focus()
  })

  // ----- sending once -----

  const busy = (form, submitter) => {
    form.dataset.sent = '1'
    const button = submitter || find('button:not([type=button])', form) || (form.id && find('button[form="' + form.id + '"]'))
    if (!button || button.dataset.words) return
    button.dataset.words = button.innerHTML
    button.setAttribute('aria-busy', 'true')
    button.textContent = button.dataset.busy || '正在提交…'
    say(button.textContent)
  }
  const ready = form => {
    delete form.dataset.sent
    all('[aria-busy]', document).forEach(button => {
      if (button.form !== form || !button.dataset.words) return
      button.innerHTML = button.dataset.words
      delete button.dataset.words
      button.removeAttribute('aria-busy')
    })
  }

  // ----- files: limits are told before anything is sent -----

  const size = bytes => bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB'
  const tooBig = input => Array.from(input.files || []).filter(file => input.dataset.limitMb && file.size > input.dataset.limitMb * 1048576)
  const empty = input => Array.from(input.files || []).filter(file => file.size === 0)
  const showFiles = input => {
    const list = find('.file-list', input.closest('.field'))
    if (!list) return
    list.textContent = ''
    Array.from(input.files).forEach(file => {
      const line = make('li', {}, file.name + '（' + size(file.size) + '）')
      if (tooBig(input).includes(file)) {
        line.className = 'too-big'
        line.append(make('span', {}, '超过 ' + input.dataset.limitMb + ' MB，请换一个较小的文件'))
      } else if (file.size === 0) {
        line.className = 'too-big'
        line.append(make('span', {}, '文件是空的，请重新选择'))
      }
      list.append(line)
    })
    if (!input.files.length) return
    const last = make('li', {})
    last.append(make('button', { type: 'button', class: 'btn btn-sm', 'data-clear-file': input.id }, '取消选择'))
    list.append(last)
  }

  

  // ----- drafts -----

  const drafts = new Map() // form -> { timer, dirty }
  const fields = form => {
    const data = new URLSearchParams()
    new FormData(form).forEach((value, key) => { if (typeof value === 'string') data.append(key, value) })
    return data
  }
  const saved = (form, text) => {
    let words = find('[data-saved]', form) || (form.id && find('[data-saved="' + form.id + '"]'))
    if (!words) { words = make('p', { class: 'saved-words', 'data-saved': '', role: 'status' }); form.append(words) }
    words.textContent = text
  }
  const save = form => {
    const draft = drafts.get(form)
    draft.dirty = false
    fetch(form.dataset.autosave, { method: 'POST', body: fields(form), headers: { 'X-Autosave': '1' }, credentials: 'same-origin' })
      .then(answer => {
        if (!answer.ok) throw answer
        const version = answer.headers.get('x-draft-version')
        if (version && form.elements.version) form.elements.version.value = version
        if (!draft.dirty) saved(form, '已保存草稿 ' + clock())
      })
      .catch(answer => {
        if (answer && answer.status === 409) return saved(form, '同事刚改过这份草稿，本页的内容暂未保存；点“存草稿”可以看到双方的内容')
        draft.dirty = true
        saved(form, answer && answer.status === 401 ? '登录已到时，草稿暂未保存；请在新窗口登录后继续填写' : '网络不通，草稿暂未保存，稍后自动再试')
        draft.timer = setTimeout(() => save(form), 10000)
      })
  }
  const touched = form => {
    const draft = drafts.get(form) || {}
    drafts.set(form, draft)
    draft.dirty = true
    if (!form.dataset.autosave) return
    saved(form, '正在填写…')
    clearTimeout(draft.timer)
    draft.timer = setTimeout(() => save(form), 1200)
  }

  // For scripts of single pages. `settled`: what was typed into the form is kept elsewhere.
  const settled = form => { const draft = drafts.get(form); if (draft) clearTimeout(draft.timer); drafts.delete(form) }
  window.anyue = { all, ask, find, make, size, notice, say, settled }

  // ----- the notice: lines beside what was understood -----

  const linesOf = anchor => {
    const [first, last] = anchor.dataset.lines.split('-').map(Number)
    const lines = []
    for (let n = first; n <= (last || first); n++) { const line = find('#line-' + n); if (line) lines.push(line) }
    return lines
  }
  const light = (anchor, scroll) => {
    all('.doc-line.lit').forEach(line => line.classList.remove('lit'))
    all('.line-anchor[aria-pressed]').forEach(other => other.removeAttribute('aria-pressed'))
    if (!anchor) return
    const lines = linesOf(anchor)
    lines.forEach(line => line.classList.add('lit'))
    anchor.setAttribute('aria-pressed', 'true')
    const pane = lines[0] && lines[0].closest('.doc-pane')
    if (scroll && pane) pane.scrollTop += lines[0].getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3
  }
  const sheet = anchor => {
    const dialog = make('dialog', { class: 'sheet', 'aria-label': '原文' })
    const head = make('div', { class: 'sheet-head' })
    const close = make('button', { type: 'button', class: 'btn', 'data-close': '' }, '关闭')
    head.append(make('strong', {}, '原文 ' + anchor.textContent), close)
    dialog.append(head)
    linesOf(anchor).forEach(line => { const copy = line.cloneNode(true); copy.removeAttribute('id'); dialog.append(copy) })
    document.body.append(dialog)
    dialog.onclose = () => { dialog.remove(); anchor.focus() }
    dialog.showModal()
  }
  const hidden = node => !node || node.getClientRects().length === 0

  // ----- a page beside the one it was opened from -----

  // The content of a page, in a drawer; the link itself works without this, and where the drawer cannot come.
  const drawer = anchor => {
    const dialog = make('dialog', { class: 'drawer', 'aria-labelledby': 'drawer-title' })
    if (!dialog.showModal) return false
    const head = make('div', { class: 'drawer-head' })
    const title = make('h2', { id: 'drawer-title', tabindex: '-1' }, '正在打开…')
    const body = make('div', { class: 'drawer-body' })
    head.append(title, make('button', { type: 'button', class: 'btn btn-sm', 'data-close': '' }, '关闭'))
    dialog.append(head, body)
    document.body.append(dialog)
    dialog.onclose = () => { dialog.remove(); anchor.focus() }
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
    dialog.showModal()
    title.focus()
    fillDrawer(dialog, anchor.href)
    return true
  }
  const fillDrawer = (dialog, href) => fetch(href, { credentials: 'same-origin' })
    .then(answer => answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer))
    .then(html => {
      const page = new DOMParser().parseFromString(html, 'text/html')
      const content = find('#content', page)
      const [title, body] = [find('#drawer-title', dialog), find('.drawer-body', dialog)]
      title.textContent = find('h1', content).textContent
      all('.page-head-actions', content).forEach(node => node.remove())
      body.replaceChildren(...content.childNodes)
      body.append(make('p', { class: 'mt-4' }))
      body.lastChild.append(make('a', { href }, '打开单独的页面'))
      dialog.scrollTop = 0
      title.focus()
    })
    .catch(() => { location.href = href })

  // ----- ticking rows -----

  const count = name => {
    const boxes = all('input[type=checkbox][name="' + name + '"]')
    const ticked = boxes.filter(box => box.checked).length
    all('[data-select-all="' + name + '"]').forEach(box => {
      box.checked = ticked > 0 && ticked === boxes.length
      box.indeterminate = ticked > 0 && ticked < boxes.length
    })
    all('[data-select-count="' + name + '"]').forEach(words => { words.textContent = ticked })
    all('[data-selection="' + name + '"]').forEach(bar => { bar.hidden = ticked === 0 })
  }

  const copy = (text, button) => {
    const done = () => {
      const before = button.innerHTML
      button.textContent = '已复制'
      say('已复制')
      setTimeout(() => { button.innerHTML = before }, 2000)
    }
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text).then(done)
    const area = make('textarea', { class: 'visually-hidden' })
    area.value = text
    document.body.append(area)
    area.select()
    if (document.execCommand('copy')) done()
    area.remove()
  }

  // ----- events -----

  document.addEventListener('click', event => {
    const target = event.target
    all('details[data-close-outside][open]').forEach(menu => { if (!menu.contains(target)) menu.open = false })
    const at = selector => target.closest && target.closest(selector)
    let node
    if (at('[data-large-type]')) return largeType()
    if (at('[data-hide-notice]')) return notice('')
    if (at('[data-print]')) return window.print()
    if ((node = at('[data-copy]'))) return copy(node.dataset.copy, node)
    if ((node = at('[data-close]'))) { const dialog = node.closest('dialog'); if (dialog) dialog.close(); return }
    if ((node = at('[data-open]'))) { const dialog = document.getElementById(node.dataset.open); if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal() } return }
    if ((node = at('[data-clear-file]'))) { const input = document.getElementById(node.dataset.clearFile); input.value = ''; showFiles(input); return }
    if (!event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      if ((node = at('[data-drawer] a.number')) && drawer(node)) return event.preventDefault()
      if ((node = at('.drawer a[rel]'))) { event.preventDefault(); fillDrawer(node.closest('dialog'), node.href); return }
    }
    if ((node = at('[data-lines]'))) {
      if (hidden(find('.doc-pane'))) sheet(node)
      else light(node, true)
      return
    }
    if ((node = at('.error-summary a[href^="#"]'))) { const field = find(node.getAttribute('href')); if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: 'center' }) } return }
    if ((node = at('a[data-confirm]'))) { event.preventDefault(); ask(node.dataset.confirm, node.dataset.confirmYes).then(yes => { if (yes) location.href = node.href }); return }
    if ((node = at('tr[data-href]')) && !at('a, button, input, label, select, summary') && !String(window.getSelection())) {
      if (event.ctrlKey || event.metaKey) window.open(node.dataset.href)
      else location.href = node.dataset.href
    }
  })

  document.addEventListener('submit', event => {
    const form = event.target
    if (form.dataset.sent) return event.preventDefault()
    if (form.matches('[action="/signout"]')) forget()
    const heavy = all('input[type=file]', form).filter(input => tooBig(input).length || empty(input).length)
    if (heavy.length) {
      event.preventDefault()
      event.stopPropagation()
      notice('有文件过大或为空，请换一个再提交；其他内容都还在')
      return heavy[0].focus()
    }
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm
    if (question && !form.dataset.asked) {
      event.preventDefault()
      event.stopPropagation()
      const from = event.submitter
      ask(question, (from && from.dataset.confirmYes) || form.dataset.confirmYes).then(yes => {
        if (!yes) return
        form.dataset.asked = '1'
        if (form.requestSubmit) form.requestSubmit(from || undefined)
        else form.submit()
      })
      return
    }
    delete form.dataset.asked
    if ((form.method || 'get') === 'get') return
    const draft = drafts.get(form)
    if (draft) { clearTimeout(draft.timer); drafts.delete(form) }
    if (!form.matches('[hx-post],[hx-put],[hx-patch],[hx-delete]')) setTimeout(() => { if (!event.defaultPrevented) busy(form, event.submitter) })
  }, true)

  document.addEventListener('input', event => {
    const form = event.target.form
    if (form && (form.dataset.autosave || form.hasAttribute('data-warn'))) touched(form)
  })

  document.addEventListener('change', event => {
    const input = event.target
    if (input.type === 'file') showFiles(input)
    if (input.matches('[data-submit]') && input.form) input.form.requestSubmit ? input.form.requestSubmit() : input.form.submit()
    if (input.dataset.selectAll) {
      all('input[type=checkbox][name="' + input.dataset.selectAll + '"]').forEach(box => { box.checked = input.checked })
      count(input.dataset.selectAll)
    } else if (input.type === 'checkbox' && input.name && find('[data-select-all="' + input.name + '"]')) count(input.name)
  })

  document.addEventListener('keydown', event => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable
    if (event.isComposing) return
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      const search = find('[data-search]')
      if (search) { event.preventDefault(); search.focus(); search.select() }
    } else if (event.key === 'Escape') {
      const menu = find('details[data-close-outside][open]')
      if (menu) { menu.open = false; find('summary', menu).focus() } else if (find('.doc-line.lit')) light(null)
      else if (typing) event.target.blur()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault()
      event.target.form.requestSubmit()
    }
  })

  const hover = event => {
    const anchor = event.target.closest && event.target.closest('[data-lines]')
    if (anchor && !hidden(find('.doc-pane'))) light(anchor, event.type === 'focusin')
  }
  document.addEventListener('mouseover', hover)
  document.addEventListener('focusin', hover)
  ;['dragenter', 'dragleave', 'drop'].forEach(type => document.addEventListener(type, event => {
    const area = event.target.closest && event.target.closest('.file-drop')
    if (area) area.classList.toggle('over', type === 'dragenter')
  }))

  window.addEventListener('beforeunload', event => {
    if (Array.from(drafts.values()).some(draft => draft.dirty)) { event.preventDefault(); event.returnValue = '' }
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden' || !navigator.sendBeacon) return
    drafts.forEach((draft, form) => { if (draft.dirty && form.dataset.autosave && navigator.sendBeacon(form.dataset.autosave, fields(form))) draft.dirty = false })
  })
  window.addEventListener('pageshow', event => { if (event.persisted) all('form[data-sent]').forEach(ready) })
  window.addEventListener('offline', () => find('[data-offline-page]') || notice('网络已断开。已填的内容还在本页，恢复后可继续提交。'))
  window.addEventListener('online', () => { notice(''); say('网络已恢复') })

  // ----- signing out: what the phone knows and the page it keeps go; what was typed and not sent stays -----

  const forget = () => {
    try { if (window.indexedDB) indexedDB.deleteDatabase('anyue-kit') } catch (_) { /* no store */ }
    if (!navigator.serviceWorker) return
    navigator.serviceWorker.getRegistration('/work').then(worker => { if (worker && worker.active) worker.active.postMessage('forget') }).catch(() => {})
  }

  // ----- parts of a page brought by htmx -----

  const sentence = status => ({
    401: '登录已到时。请在新窗口登录，再回到本页继续，已填的内容还在。',
    403: '您没有办理这件事的权限。如有需要，请联系镇平安建设办公室。',
    404: '要找的内容已不在了，请刷新本页。',
    413: '文件过大，请换一个较小的文件。',
    429: '操作过于频繁，请稍候再试。',
  })[status] || (status >= 500 ? '系统暂时没有办成，已填的内容还在，请稍后再试。' : '')
  const ctx = event => (event.detail && event.detail.ctx) || {}
  document.addEventListener('htmx:before:request', event => { const node = ctx(event).sourceElement; if (node && node.matches('form')) busy(node, event.submitter) })
  document.addEventListener('htmx:finally:request', event => { const node = ctx(event).sourceElement; if (node && node.matches('form')) ready(node) })
  document.addEventListener('htmx:response:error', event => { const words = sentence(ctx(event).response.status); if (words) notice(words) })
  document.addEventListener('htmx:error', event => { if (ctx(event).request) notice('网络不通，没有送达。已填的内容还在，请稍后再试。') })
  document.addEventListener('htmx:confirm', event => {
    const { ctx: request, issueRequest, dropRequest } = event.detail
    event.preventDefault()
    ask(request.confirm).then(yes => yes ? issueRequest() : dropRequest())
  })
  document.addEventListener('htmx:after:swap', () => start())

  const start = () => {
    all('form[method=post]').forEach(form => { form.noValidate = true })
    all('[data-select-all]').forEach(box => count(box.dataset.selectAll))
    const first = find('[data-focus]')
    if (first) { first.removeAttribute('data-focus'); first.focus() }
  }
  start()
})()
