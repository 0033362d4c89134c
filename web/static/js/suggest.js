// Completes what is typed into search boxes, after the combobox pattern of the
// ARIA Authoring Practices. Without it the boxes are plain ones.
(function () {
  'use strict';

  var pause = 150; // milliseconds after the last key before the server is asked
  var names = { term: '词', organization: '单位', achievement: '成果', demand: '需求' };
  var count = 0;

  function setUp(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = 'yes';
    var box = { input: input, list: document.createElement('ul'), said: document.createElement('span'), chosen: -1, typed: '', timer: 0, asked: null, composing: false };
    box.list.id = 'suggest-' + (++count);
    box.list.className = 'jishi-suggest';
    box.list.setAttribute('role', 'listbox');
    box.list.setAttribute('aria-label', '搜索建议');
    box.list.hidden = true;
    box.said.className = 'visually-hidden';
    box.said.setAttribute('role', 'status');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', box.list.id);
    input.form.append(box.list, box.said);
    input.addEventListener('compositionstart', function () { box.composing = true; });
    input.addEventListener('compositionend', function () { box.composing = false; wait(box); });
    input.addEventListener('input', function () { if (!box.composing) wait(box); });
    input.addEventListener('keydown', function (event) { onKey(box, event); });
    input.addEventListener('blur', function () { window.setTimeout(function () { close(box); }, 150); });
    box.list.addEventListener('mousedown', function (event) { event.preventDefault(); });
    box.list.addEventListener('click', function (event) {
      var option = event.target.closest('[role=option]');
      if (option) take(box, option);
    });
  }

  function wait(box) {
    window.clearTimeout(box.timer);
    box.typed = box.input.value;
    if (!box.typed.trim()) {
      close(box);
      return;
    }
    box.timer = window.setTimeout(function () { ask(box); }, pause);
  }

  function ask(box) {
    if (box.asked) box.asked.abort();
    box.asked = new AbortController();
    var typed = box.typed;
    fetch(box.input.dataset.suggest + '?q=' + encodeURIComponent(whole(typed.slice(0, 40))), {
      signal: box.asked.signal, headers: { Accept: 'application/json' }, credentials: 'omit'
    }).then(function (answer) {
      return answer.ok ? answer.json() : { suggestions: [] };
    }).then(function (answer) {
      if (typed === box.input.value && document.activeElement === box.input) show(box, answer.suggestions);
    }).catch(function () { /* typing goes on without suggestions */ });
  }

  // A text without halves of characters, which no address can hold.
  function whole(text) {
    return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(^|[^\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '$1');
  }

  function show(box, suggestions) {
    box.list.replaceChildren.apply(box.list, suggestions.map(function (one, i) { return option(box, one, i); }));
    box.chosen = -1;
    box.input.removeAttribute('aria-activedescendant');
    box.list.hidden = !suggestions.length;
    box.input.setAttribute('aria-expanded', String(!!suggestions.length));
    box.said.textContent = suggestions.length ? '有 ' + suggestions.length + ' 条建议，用上下键选择' : '没有建议';
  }

  function option(box, one, i) {
    var item = document.createElement('li');
    item.id = box.list.id + '-' + i;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.dataset.text = one.text;
    if (one.kind === 'organization') item.dataset.href = '/organizations/' + encodeURIComponent(one.id);
    if (one.kind === 'achievement') item.dataset.href = '/achievements/' + encodeURIComponent(one.id);
    if (one.kind === 'demand') item.dataset.href = '/demands/' + encodeURIComponent(one.id);
    var text = document.createElement('span'), kind = document.createElement('span');
    marked(text, one);
    kind.textContent = names[one.kind] || '';
    item.append(text, kind);
    return item;
  }

  // Marks are byte offsets into the text in UTF-8.
  function marked(into, one) {
    var bytes = new TextEncoder().encode(one.text), read = new TextDecoder(), at = 0;
    one.marks.forEach(function (span) {
      into.append(read.decode(bytes.slice(at, span.start)));
      var mark = document.createElement('mark');
      mark.textContent = read.decode(bytes.slice(span.start, span.end));
      into.append(mark);
      at = span.end;
    });
    into.append(read.decode(bytes.slice(at)));
  }

  function choose(box, next) {
    var options = box.list.children;
    if (box.chosen >= 0) options[box.chosen].setAttribute('aria-selected', 'false');
    box.chosen = next;
    if (next < 0) {
      box.input.removeAttribute('aria-activedescendant');
      box.input.value = box.typed;
      return;
    }
    options[next].setAttribute('aria-selected', 'true');
    options[next].scrollIntoView({ block: 'nearest' });
    box.input.setAttribute('aria-activedescendant', options[next].id);
    box.input.value = options[next].dataset.text;
  }

  function onKey(box, event) {
    var size = box.list.hidden ? 0 : box.list.children.length;
    if (event.isComposing || !size) return;
    if (event.key === 'ArrowDown') choose(box, box.chosen + 1 < size ? box.chosen + 1 : -1);
    else if (event.key === 'ArrowUp') choose(box, box.chosen < 0 ? size - 1 : box.chosen - 1);
    else if (event.key === 'Escape') {
      box.input.value = box.typed;
      close(box);
    } else if (event.key === 'Enter' && box.chosen >= 0) take(box, box.list.children[box.chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A term is searched for; what has a page of its own is opened.
  function take(box, option) {
    close(box);
    if (option.dataset.href) {
      window.location.assign(option.dataset.href);
      return;
    }
    box.input.value = box.typed = option.dataset.text;
    box.input.form.requestSubmit();
  }

  function close(box) {
    window.clearTimeout(box.timer);
    if (box.asked) box.asked.abort();
    box.list.hidden = true;
    box.chosen = -1;
    box.said.textContent = '';
    box.input.setAttribute('aria-expanded', 'false');
    box.input.removeAttribute('aria-activedescendant');
  }

  function setUpAll() { document.querySelectorAll('input[data-suggest]').forEach(setUp); }
  document.addEventListener('htmx:afterSettle', setUpAll);
  setUpAll();
})();
