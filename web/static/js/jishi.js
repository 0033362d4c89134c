// Small helps for pages that work without them. Nothing here is needed to
// read, search or submit.
(function () {
  'use strict';

  // A form that was sent is not sent again until the page is shown anew.
  function guardDoubleSubmit(event) {
    var form = event.target;
    if (event.defaultPrevented || (form.getAttribute('method') || '').toLowerCase() !== 'post') return;
    if (form.dataset.sent === 'yes') {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    form.dataset.dirty = '';
    var button = event.submitter || form.querySelector('[type=submit]');
    if (button) button.setAttribute('aria-busy', 'true');
  }

  function release(root) {
    root.querySelectorAll('form[data-sent]').forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll('[aria-busy]').forEach(function (b) { b.removeAttribute('aria-busy'); });
    });
  }

  // A changed form with data-guard asks before the page is left.
  function noteChange(event) {
    var form = event.target.form;
    if (form && form.hasAttribute('data-guard')) form.dataset.dirty = 'yes';
  }

  function guardUnsaved(event) {
    if (document.querySelector('form[data-guard][data-dirty=yes]')) {
      event.preventDefault();
      event.returnValue = '';
    }
  }

  function isTyping(node) {
    return node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
  }

  function visibleSearch() {
    return Array.prototype.find.call(document.querySelectorAll('[data-search]'), function (input) {
      return input.offsetParent !== null;
    });
  }

  // "/" goes to the search box, Esc closes an open menu.
  function onKey(event) {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
      var input = visibleSearch();
      if (!input) return;
      event.preventDefault();
      input.focus();
      input.select();
    }
    if (event.key === 'Escape') closeMenus(null, true);
  }

  function closeMenus(except, refocus) {
    document.querySelectorAll('details[data-menu][open]').forEach(function (menu) {
      if (except && menu.contains(except)) return;
      if (refocus && menu.contains(document.activeElement)) menu.querySelector('summary').focus();
      menu.open = false;
    });
  }

  // Shows how much of a limited text is used, from nine tenths on.
  function countCharacters(event) {
    var area = event.target;
    if (!area.matches || !area.matches('textarea[data-count]')) return;
    var note = area.parentNode.querySelector('.jishi-count');
    if (!note) {
      note = document.createElement('p');
      note.className = 'jishi-hint jishi-count';
      note.setAttribute('aria-live', 'polite');
      area.insertAdjacentElement('afterend', note);
    }
    var near = area.value.length >= area.maxLength * 0.9;
    note.textContent = near ? '已写 ' + area.value.length + ' 字，最多 ' + area.maxLength + ' 字' : '';
  }

  // What the reader opened stays open when a piece of the page is replaced.
  var opened = [];
  function rememberOpen() {
    opened = Array.prototype.map.call(document.querySelectorAll('details[data-keep][open]'), function (d) { return d.id; });
  }

  function reopen() {
    opened.forEach(function (id) {
      var details = document.getElementById(id);
      if (details) details.open = true;
    });
  }

  // Buttons that copy the text of a field show where the browser can do that.
  function offerCopies() {
    if (!navigator.clipboard) return;
    document.querySelectorAll('button[data-copy]').forEach(function (button) { button.hidden = false; });
  }

  function copy(event) {
    var button = event.target.closest('button[data-copy]');
    if (!button) return;
    var field = document.querySelector(button.dataset.copy);
    navigator.clipboard.writeText(field.value).then(function () {
      button.lastChild.textContent = '已复制';
    }, function () {
      field.select(); // not allowed: the keyboard still can
    });
  }

  document.addEventListener('click', copy);
  document.addEventListener('htmx:beforeSwap', rememberOpen);
  document.addEventListener('htmx:afterSwap', reopen);
  document.addEventListener('submit', guardDoubleSubmit);
  document.addEventListener('input', noteChange);
  document.addEventListener('change', noteChange);
  document.addEventListener('input', countCharacters);
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', function (event) { closeMenus(event.target, false); });
  document.addEventListener('htmx:afterRequest', function () { release(document); });
  window.addEventListener('beforeunload', guardUnsaved);
  window.addEventListener('pageshow', function () { release(document); });

  offerCopies();
  var problems = document.querySelector('[data-problems]');
  if (problems) problems.focus();
})();
