// Charts, each with its numbers as a table for those who do not see it.

import uPlot from './lib/uPlot.js';
import {h, svg, printable, table} from './dom.js';
import {kind as words, number} from './words.js';

const HEIGHT = 240;
const LISTED = 60;

function colour(variable) {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

/** Of a logarithmic axis the decades alone. */
const tens = (u, splits) =>
  splits.map(each => Math.abs(Math.log10(each) - Math.round(Math.log10(each))) < 1e-9 ? each : null);

function axis(label, decades, more) {
  const sieve = decades ? {filter: tens} : {};
  return {
    label, stroke: colour('--ink-soft'), size: 68, labelSize: 18,
    grid: {stroke: colour('--line'), width: 1, ...sieve},
    ticks: {stroke: colour('--line'), width: 1, ...sieve},
    ...sieve, ...more,
  };
}

/** The times as the records have them. */
function utc(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

const stamps = (u, splits) => splits.map(each => {
  const iso = new Date(each * 1000).toISOString();
  return iso.slice(11, 16) === '00:00' ? iso.slice(5, 10) : iso.slice(11, 16);
});

function small(u, splits) {
  return splits.map(each => each === null ? '' : number(each));
}

/**
 * Draws when the figure is on the page and has a width, and again when that changes.
 *
 * options: x, series [{label, values, stroke, dash, points, band}], xLabel, yLabel, log, logX, time
 */
export function chart(caption, options) {
  const holder = h('div', {class: 'plot', role: 'img', 'aria-label': summary(caption, options)});
  let plot = null;
  const observer = new ResizeObserver(() => {
    const width = Math.floor(holder.clientWidth);
    if (!holder.isConnected || width < 50) {
      return;
    }
    if (plot) {
      plot.setSize({width, height: HEIGHT});
    } else {
      plot = new uPlot(settings(options, width), data(options), holder);
    }
  });
  observer.observe(holder);
  return h('figure', null,
    h('figcaption', null, caption),
    legend(options.series),
    holder,
    numbers(caption, options));
}

function legend(series) {
  return h('ul', {class: 'legend', 'aria-hidden': 'true'}, series
    .filter(each => each.label)
    .map(each => h('li', null, key(each), each.label)));
}

function key(each) {
  return svg('svg', {width: 22, height: 10, class: 'key ' + each.stroke.slice(2)},
    each.fill
      ? svg('rect', {width: 22, height: 10, class: 'area'})
      : svg('line', {x1: 0, y1: 5, x2: 22, y2: 5, 'stroke-dasharray': each.dash ? '5 4' : null}));
}

function data(options) {
  const positive = values => options.log ? values.map(each => each > 0 ? each : null) : values;
  return [options.x, ...options.series.map(each => positive(each.values))];
}

/** Bars that do not begin at 0 deceive. */
const fromZero = (u, least, most) => [0, 1.05 * most];

/** One moment alone is shown with an hour around it. */
function around({time, x}) {
  return time && x.length === 1 ? [x[0] - 1800, x[0] + 1800] : undefined;
}

function settings(options, width) {
  const series = options.series.map(each => ({
    label: each.label || '',
    stroke: each.invisible ? 'transparent' : colour(each.stroke),
    width: 2,
    dash: each.dash ? [6, 4] : undefined,
    points: {show: each.points || options.x.length < 3, size: 5},
    paths: each.bars ? uPlot.paths.bars({size: [0.9, 100]}) : undefined,
    fill: each.bars ? colour('--band') : undefined,
    spanGaps: false,
  }));
  const bands = options.series.flatMap((each, i) => each.bandTo === undefined ? [] : [
    {series: [i + 1, each.bandTo + 1], fill: colour('--band')}]);
  return {
    width,
    height: HEIGHT,
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: {show: false},
    cursor: {drag: {x: false, y: false}, points: {show: false}, y: false},
    scales: {
      x: {time: Boolean(options.time), distr: options.logX ? 3 : 1, range: options.range || around(options)},
      y: {distr: options.log ? 3 : 1, range: options.series.some(each => each.bars) ? fromZero : undefined},
    },
    axes: [
      axis(options.xLabel, options.logX, {size: 30, values: options.time ? stamps : small}),
      axis(options.yLabel, options.log, {values: small}),
    ],
    series: [{}, ...series],
    bands,
    hooks: {setCursor: [u => tell(u, options)], drawAxes: [u => bar(u, options)]},
  };
}

/** A band of one moment alone has no width: its interval is a bar. */
function bar(u, options) {
  if (options.x.length !== 1) {
    return;
  }
  const half = 5 * (window.devicePixelRatio || 1);
  options.series.filter(each => each.bandTo !== undefined).forEach(each => {
    const upper = each.values[0];
    const lower = options.series[each.bandTo].values[0];
    if (typeof upper === 'number' && typeof lower === 'number') {
      const top = u.valToPos(upper, 'y', true);
      u.ctx.fillStyle = colour('--band');
      u.ctx.fillRect(u.valToPos(options.x[0], 'x', true) - half, top, 2 * half, u.valToPos(lower, 'y', true) - top);
    }
  });
}

/** Says the numbers under the pointer. */
function tell(u, options) {
  const i = u.cursor.idx;
  if (i === null || i === undefined) {
    u.root.removeAttribute('title');
    return;
  }
  const x = options.time ? utc(options.x[i]) : number(options.x[i]);
  u.root.title = printable([x, ...options.series
    .map(each => (each.name || each.label) + ' ' + number(each.values[i]))].join(', '));
}

function summary(caption, options) {
  const last = options.x.length - 1;
  return printable(caption + ': ' + options.x.length + ' points' + (last < 0 ? '' : '; the last: ' +
    options.series.map(each => (each.name || each.label) + ' ' + number(each.values[last])).join(', ')));
}

function numbers(caption, options) {
  const begin = options.time ? Math.max(0, options.x.length - LISTED) : 0;
  const end = Math.min(options.x.length, begin + LISTED);
  const rows = () => {
    const lines = [];
    for (let i = begin; i < end; i++) {
      lines.push([options.time ? utc(options.x[i]) : number(options.x[i]),
        ...options.series.map(each => number(each.values[i]))]);
    }
    return lines;
  };
  return unfolded(caption, () => table(caption + ', numbers',
    [options.time ? 'until (UTC)' : options.xLabel, ...options.series.map(each => each.name || each.label)],
    rows()));
}

/** Most people never open it: made when it is. */
function unfolded(caption, made) {
  const details = h('details', {id: 'numbers-' + printable(caption).replace(/\W+/g, '-')},
    h('summary', null, 'Numbers'));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(made());
    }
  });
  return details;
}

/** Three series of an interval: the certified band, and over it the estimate. */
export function banded(label, values, band) {
  return [
    {label: band || 'certified interval', name: 'lower', values: values.lower, stroke: '--band', invisible: true, fill: true},
    {label: '', name: 'upper', values: values.upper, stroke: '--band', invisible: true, bandTo: 0},
    {label, values: values.estimate, stroke: '--accent'},
  ];
}

/** Alerts as bars from their beginning to their end, a line for each kind. */
export function timeline(alerts) {
  const kinds = [...new Set(alerts.map(each => each.kind))].sort();
  const times = alerts.flatMap(each => [each.paneEnd, each.resolvedAt]).filter(Boolean);
  const from = Math.min(...times);
  const to = Math.max(...times, from + 60);
  const x = seconds => 190 + 600 * (seconds - from) / (to - from);
  const bars = alerts.map(each => {
    const start = x(each.paneEnd);
    const end = each.resolvedAt ? x(each.resolvedAt) : each.state === 'active' ? 800 : start;
    return svg('rect', {
      class: 'span ' + each.state, x: start, y: 6 + 24 * kinds.indexOf(each.kind),
      width: Math.max(4, end - start), height: 14, rx: 2,
    });
  });
  return h('figure', null,
    h('figcaption', null, 'Alerts from ' + utc(from) + ' to ' + utc(to) + ' UTC'),
    h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Timeline of alerts'},
      svg('svg', {
        class: 'timeline', viewBox: '0 0 810 ' + (24 * kinds.length + 6), role: 'img',
        'aria-label': alerts.length + ' alerts of ' + kinds.length + ' kinds; the list has them all',
      },
      kinds.map((kind, i) => svg('text', {x: 0, y: 17 + 24 * i}, words(kind))),
      kinds.map((kind, i) => svg('line', {class: 'rail', x1: 190, x2: 800, y1: 13 + 24 * i, y2: 13 + 24 * i})),
      bars)));
}

/**
 * The structure of an alignment matrix: a row for each group, a column for each column.
 *
 * cells: function of group and column to a class name, or null
 */
export function matrix(caption, groups, columns, cell, legends) {
  const canvas = h('canvas', {role: 'img', 'aria-label': printable(caption), class: 'matrix'});
  const high = Math.max(6, Math.min(22, Math.floor(260 / Math.max(1, groups))));
  const observer = new ResizeObserver(() => {
    const width = Math.floor(canvas.parentElement ? canvas.parentElement.clientWidth : 0);
    if (width < 50) {
      return;
    }
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = high * groups * scale;
    canvas.style.height = high * groups + 'px';
    const pen = canvas.getContext('2d');
    const wide = canvas.width / columns;
    for (let group = 0; group < groups; group++) {
      for (let column = 0; column < columns; column++) {
        const kind = cell(group, column);
        pen.fillStyle = colour(kind || '--panel');
        pen.fillRect(column * wide, group * high * scale, Math.max(1, wide - (wide > 4 ? 1 : 0)), (high - 1) * scale);
      }
    }
  });
  const holder = h('div', {class: 'plot'}, canvas);
  observer.observe(holder);
  return h('figure', null, h('figcaption', null, caption),
    h('ul', {class: 'legend'}, legends.map(([variable, text]) =>
      h('li', null, svg('svg', {width: 14, height: 10, class: 'key ' + variable.slice(2)},
        svg('rect', {width: 14, height: 10, class: 'area'})), text))),
    holder);
}

const CELL = 20;
const MARGIN = {left: 34, top: 18};

/**
 * Numbers on a grid, the stronger the colour the further from 0: above it in one colour, below in
 * another. What lies within the error is left blank.
 *
 * options: rows and columns, names of what they are, in the order drawn; marks of the two axes; labels
 * of the axes; cells, row after row; error
 */
export function heatmap(caption, options) {
  const {rows, columns, cells, error} = options;
  const shown = cells.map(each => Math.abs(each) > error ? each : 0);
  const most = Math.max(...shown.map(Math.abs), Number.MIN_VALUE);
  const largest = shown.reduce((best, each, i) => Math.abs(each) > Math.abs(shown[best]) ? i : best, 0);
  const place = i => rows[Math.floor(i / columns.length)] + ', ' + columns[i % columns.length];
  const words = rows.length + ' by ' + columns.length + ' blocks; ' + (shown[largest] === 0
    ? 'none beyond the error' : 'the largest is ' + number(shown[largest]) + ' in ' + place(largest));
  const width = MARGIN.left + CELL * columns.length + 2;
  const height = MARGIN.top + CELL * rows.length + 2;
  const x = i => MARGIN.left + CELL * i;
  const y = i => MARGIN.top + CELL * i;
  const every = count => Math.ceil(count / 8);
  return h('figure', null,
    h('figcaption', null, caption),
    scale(shown, most, error),
    h('div', {class: 'grid'}, svg('svg', {class: 'heat', viewBox: '0 0 ' + width + ' ' + height, role: 'img',
      'aria-label': printable(caption + ': ' + words)},
    options.columnMarks.map((mark, i) => i % every(columns.length) ? null
      : svg('text', {x: x(i) + CELL / 2, y: MARGIN.top - 6, class: 'column'}, mark)),
    options.rowMarks.map((mark, i) => i % every(rows.length) ? null
      : svg('text', {x: MARGIN.left - 6, y: y(i) + 14, class: 'row'}, mark)),
    shown.map((each, i) => {
      const row = Math.floor(i / columns.length);
      const column = i % columns.length;
      return svg('g', null, svg('title', null, place(i) + ': ' + number(cells[i])),
        svg('rect', {class: 'empty', x: x(column), y: y(row), width: CELL, height: CELL}),
        each === 0 ? null : svg('rect', {class: each > 0 ? 'more' : 'less', x: x(column), y: y(row), width: CELL, height: CELL,
          'fill-opacity': (Math.abs(each) / most).toFixed(3)}));
    }))),
    h('p', {class: 'axes'}, options.axes),
    unfolded(caption, () => table(caption + ', numbers', [options.rowLabel, ...columns],
      rows.map((row, i) => [row, ...columns.map((_, j) => number(cells[i * columns.length + j]))]))));
}

function scale(shown, most, error) {
  const ends = [['accent', Math.max(...shown)], ['attention', -Math.min(...shown)]].filter(([, value]) => value > 0);
  return h('ul', {class: 'legend', 'aria-hidden': 'true'},
    ends.map(([variable, value]) => h('li', null,
      svg('svg', {width: 60, height: 10, class: 'key ' + variable}, [1, 2, 3, 4, 5].map(step => svg('rect', {
        x: 12 * (step - 1), width: 12, height: 10, stroke: 'none', 'fill-opacity': (value / most * step / 5).toFixed(3)}))),
      variable === 'accent' ? 'up to ' + number(value) : 'down to ' + number(-value))),
    h('li', null, 'each within ' + number(error)));
}
