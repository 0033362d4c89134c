// Draws every <div class="jishi-chart" data-options="#id">. The options are
// JSON in <script type="application/json" id="id">. ECharts itself is fetched
// only when the page has a chart.
(function () {
  'use strict';

  var source = document.currentScript.dataset.echarts;
  var loading = null;

  function load() {
    if (window.echarts) return Promise.resolve(window.echarts);
    if (loading) return loading;
    loading = new Promise(function (resolve, reject) {
      var script = document.createElement('script');
      script.src = source;
      script.onload = function () { resolve(window.echarts); };
      script.onerror = function () { loading = null; reject(new Error('charts could not be loaded')); };
      document.head.appendChild(script);
    });
    return loading;
  }

  // What no page may choose differently: an HTML tooltip would need inline
  // styles, which the security policy forbids.
  function harden(options) {
    options.tooltip = Object.assign({ trigger: 'axis', confine: true }, options.tooltip, { renderMode: 'richText' });
    options.aria = Object.assign({ enabled: true }, options.aria);
    options.toolbox = undefined;
    options.animation = false;
    options.color = options.color || ['#0b5394', '#5b8db8', '#146c43', '#8a5a00', '#6b7280', '#b02a37'];
    options.textStyle = Object.assign({ fontFamily: getComputedStyle(document.body).fontFamily }, options.textStyle);
    return options;
  }

  function draw(echarts, box) {
    var data = document.querySelector(box.dataset.options);
    if (!data) return;
    box.classList.add('is-live');
    var chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: 'svg', locale: 'ZH' });
    chart.setOption(harden(JSON.parse(data.textContent)), true);
  }

  function drawAll() {
    var boxes = document.querySelectorAll('.jishi-chart[data-options]');
    if (!boxes.length) return;
    load().then(function (echarts) {
      boxes.forEach(function (box) { if (document.contains(box)) draw(echarts, box); });
    }).catch(function () { /* the table beside each chart holds the same figures */ });
  }

  // A chart that htmx takes away gives back what it holds.
  function dispose(event) {
    var box = event.target;
    if (!window.echarts || !box.matches || !box.matches('.jishi-chart.is-live')) return;
    var chart = window.echarts.getInstanceByDom(box);
    if (chart) chart.dispose();
  }

  var paper = { width: 660, height: 300 }; // CSS pixels, fits between the margins of A4
  var screen = { width: 'auto', height: 'auto' };

  function resizeAll(size) {
    if (!window.echarts) return;
    document.querySelectorAll('.jishi-chart.is-live').forEach(function (box) {
      var chart = window.echarts.getInstanceByDom(box);
      if (!chart) return;
      chart.resize(size);
      chart.getZr().flush(); // paper does not wait for the next frame
    });
  }

  var pending = 0;
  window.addEventListener('resize', function () {
    window.clearTimeout(pending);
    pending = window.setTimeout(function () { resizeAll(screen); }, 150);
  });
  window.addEventListener('beforeprint', function () { resizeAll(paper); });
  window.addEventListener('afterprint', function () { resizeAll(screen); });
  document.addEventListener('htmx:beforeCleanupElement', dispose);
  document.addEventListener('htmx:afterSettle', drawAll);
  drawAll();
})();
