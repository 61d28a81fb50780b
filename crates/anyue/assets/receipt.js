// The receipt as a picture for the album: what the page says of it, above and below its code. Without this file the
// link saves the code alone.
(() => {
  'use strict'
  const { find, all, make } = window.anyue || {}
  const link = find && find('[data-receipt-picture]')
  const receipt = find && find('.receipt')
  const code = receipt && find('svg.qr', receipt)
  if (!link || !code) return

  const width = 750, side = 48, font = size => size + 'px "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif'

  // The year stands in the picture: it is kept for long.
  const said = row => (find('time', row) || {}).dateTime || find('dd', row).textContent.trim()

  // Lines no wider than the room; Chinese may break anywhere, a number nowhere.
  const lines = (pen, text, room) => {
    const parts = text.match(/[\x21-\x7e\u2009\u202f]+|[^]/gu) || []
    const found = ['']
    parts.forEach(part => {
      const longer = found[found.length - 1] + part
      if (pen.measureText(longer).width > room && found[found.length - 1]) found.push(part.trim())
      else found[found.length - 1] = longer
    })
    return found
  }

  const draw = picture => {
    const canvas = make('canvas', {})
    const pen = canvas.getContext('2d')
    pen.font = font(30)
    const rows = all('.receipt-data > div', receipt).map(row => [find('dt', row).textContent, lines(pen, said(row), width - 2 * side - 170)])
    const tall = rows.reduce((sum, [, words]) => sum + words.length * 42 + 16, 0)
    const site = document.title.split('·').pop().trim()
    canvas.width = width
    canvas.height = 170 + tall + 20 + 440 + 16 + 40 + 44
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.fillStyle = '#c8161d'
    pen.fillRect(0, 0, width, 8)
    pen.fillStyle = '#1d2530'
    pen.textBaseline = 'top'
    pen.textAlign = 'center'
    pen.font = '600 ' + font(40)
    pen.fillText(find('.receipt-head', receipt).textContent.trim(), width / 2, 52)
    pen.font = font(26)
    pen.fillStyle = '#5a6472'
    pen.fillText(site, width / 2, 108)
    let y = 170
    pen.font = font(30)
    rows.forEach(([label, words]) => {
      pen.textAlign = 'left'
      pen.fillStyle = '#5a6472'
      pen.fillText(label, side, y)
      pen.fillStyle = '#1d2530'
      words.forEach(line => { pen.fillText(line, side + 170, y); y += 42 })
      y += 16
    })
    y += 20
    pen.imageSmoothingEnabled = false
    pen.drawImage(picture, (width - 440) / 2, y, 440, 440)
    pen.textAlign = 'center'
    pen.font = font(26)
    pen.fillStyle = '#5a6472'
    pen.fillText('扫码可以核验真伪', width / 2, y + 456)
    return canvas
  }

  // Some phones save nothing by a link: the picture is shown, to be kept by holding it.
  const show = (address, name) => {
    const dialog = make('dialog', { 'aria-label': '回执图片' })
    const actions = make('div', { class: 'dialog-actions' })
    const save = make('a', { class: 'btn btn-primary', href: address, download: name }, '保存图片')
    actions.append(make('button', { type: 'button', class: 'btn', 'data-close': '' }, '关闭'), save)
    dialog.append(make('p', {}, '手机上也可以长按图片保存。'), make('img', { class: 'receipt-picture', src: address, alt: '回执图片' }), actions)
    document.body.append(dialog)
    dialog.onclose = () => { dialog.remove(); URL.revokeObjectURL(address); link.focus() }
    dialog.showModal()
    save.focus()
  }

  link.addEventListener('click', event => {
    event.preventDefault()
    const copy = code.cloneNode(true)
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
    copy.setAttribute('width', '880')
    copy.setAttribute('height', '880')
    const source = URL.createObjectURL(new Blob([copy.outerHTML], { type: 'image/svg+xml' }))
    const plain = () => { URL.revokeObjectURL(source); location.href = link.href }
    const picture = new Image()
    picture.onerror = plain
    picture.onload = () => {
      draw(picture).toBlob(blob => {
        if (!blob) return plain()
        URL.revokeObjectURL(source)
        show(URL.createObjectURL(blob), link.download)
      }, 'image/png')
    }
    picture.src = source
  })
})()
