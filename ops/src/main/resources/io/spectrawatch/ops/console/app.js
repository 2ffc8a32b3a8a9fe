// Finds the page for an address, shows it, and shows it anew when something has changed.

import {h} from './dom.js';
import {get, listen} from './net.js';
import {alertPage} from './pages/alert.js';
import {alertsPage} from './pages/alerts.js';
import {fleetPage} from './pages/fleet.js';
import {healthPage} from './pages/health.js';
import {interfacePage} from './pages/interface.js';
import {layerPage} from './pages/layer.js';
import {modelPage} from './pages/model.js';
import {samplesPage} from './pages/samples.js';

const PAGES = {
  '': fleetPage, alerts: alertsPage, alert: alertPage, model: modelPage, layer: layerPage,
  interface: interfacePage, samples: samplesPage, health: healthPage,
};
/** Pages that one comes to from others. */
const BELONGS = {'': 'fleet', model: 'fleet', layer: 'fleet', interface: 'fleet', samples: 'fleet', alert: 'alerts'};
const REFRESH_MILLIS = 2000;

const main = document.getElementById('main');
const state = document.getElementById('state');
const news = document.getElementById('news');
const theme = document.getElementById('theme');

let shown = 0;
let stale = false;
let heard = false;
let standing = null;

function address() {
  const parts = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return {page: PAGES[parts[0]] ? parts[0] : '', parts: parts.slice(1)};
}

async function show(fresh) {
  const turn = ++shown;
  const {page, parts} = address();
  let title = 'Not shown';
  let body;
  try {
    const asked = get('session');
    const [session, made] = await Promise.all([asked, PAGES[page](parts, {session: asked, refresh: () => show(false)})]);
    say(session.reading);
    tellNews(session.standing);
    title = made.title;
    body = made.body;
  } catch (problem) {
    body = [h('p', {class: 'problem', role: 'alert'}, problem.message)];
  }
  if (turn !== shown) {
    return;
  }
  document.title = title + ' · Spectrawatch';
  document.querySelectorAll('nav a').forEach(each => {
    const own = each.dataset.page === (BELONGS[page] || page);
    if (own) {
      each.setAttribute('aria-current', 'page');
    } else {
      each.removeAttribute('aria-current');
    }
  });
  replace(h('h1', null, title), body, fresh);
  if (fresh) {
    main.focus({preventScroll: true});
    scrollTo(0, 0);
  }
}

/** Keeps what is open, how far tables are scrolled and where the keyboard is. */
function replace(heading, body, fresh) {
  const open = [...main.querySelectorAll('details[open][id]')].map(each => each.id);
  const focused = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id : '';
  const inputs = new Map([...main.querySelectorAll('input[id], textarea[id], select[id]')].map(each => [each.id, each.value]));
  const places = new Map(fresh ? [] : [...main.querySelectorAll('.scroll')].map(each =>
    [each.getAttribute('aria-label'), [each.scrollLeft, each.scrollTop]]));
  main.replaceChildren(heading, ...[body].flat(Infinity).filter(Boolean));
  open.map(id => document.getElementById(id)).filter(Boolean).forEach(each => { each.open = true; });
  main.querySelectorAll('.scroll').forEach(each => each.scrollTo(...(places.get(each.getAttribute('aria-label')) || [0, 0])));
  inputs.forEach((value, id) => {
    const input = document.getElementById(id);
    if (input && input.dataset.kept !== undefined) {
      input.value = value;
    }
  });
  if (focused && document.getElementById(focused)) {
    document.getElementById(focused).focus({preventScroll: true});
  }
}

function say(reading) {
  let text = heard ? 'live' : 'waiting for the exporter';
  const left = Object.values(reading.left).reduce((sum, each) => sum + each, 0);
  if (reading.failure) {
    text = 'reading has stopped: ' + reading.failure;
  } else if (!reading.done) {
    text = 'reading the past: ' + left.toLocaleString('en-US') + ' records to go';
  }
  state.textContent = text;
}

/** Somebody who types or selects is not disturbed. */
function busy() {
  const active = document.activeElement;
  const types = active && main.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
  const selection = getSelection();
  return document.hidden || types || (selection && !selection.isCollapsed);
}

function tellNews(now) {
  if (standing !== null && now !== standing) {
    news.textContent = now === 1 ? 'One alert stands.' : now + ' alerts stand.';
  }
  standing = now;
}

setInterval(() => {
  if (stale && !busy()) {
    stale = false;
    show(false);
  }
}, REFRESH_MILLIS);

listen(() => { stale = true; }, now => {
  heard = now;
  if (state.textContent.startsWith('live') || state.textContent.startsWith('waiting')) {
    state.textContent = now ? 'live' : 'waiting for the exporter';
  }
});

theme.value = localStorage.getItem('theme') || 'system';
document.documentElement.dataset.theme = theme.value;
theme.addEventListener('change', () => {
  localStorage.setItem('theme', theme.value);
  document.documentElement.dataset.theme = theme.value;
  show(false);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => show(false));
document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', () => show(true));
show(false);
