// Tables of any length: rows are made as somebody scrolls towards them, and can be searched.

import {h, name, printable, table, tableRow} from './dom.js';
import {number} from './words.js';

/** Rows that are made at once: more than fit into the height of a table. */
const STEP = 50;
/** Pixels before the last row at which more are made. */
const AHEAD = 600;

/**
 * A table that is searched by words; a short one is a table as any other.
 *
 * items: what rows are made of; cells: the cells of an item; words: the text in which is searched
 */
export function longTable(caption, heads, items, cells, words, empty) {
  if (items.length <= STEP) {
    return table(caption, heads, items.map(cells), empty);
  }
  const id = 'long-' + printable(caption).replace(/\W+/g, '-');
  const before = document.getElementById(id);
  const same = before && before.dataset.place === location.hash;
  const body = h('tbody');
  let matching = items;

  const grow = count => {
    const end = Math.min(count, matching.length);
    for (let i = body.childElementCount; i < end; i++) {
      body.append(tableRow(cells(matching[i])));
    }
  };
  const input = h('input', {type: 'search', id: id + '-search', autocomplete: 'off'});
  const told = h('span', {role: 'status'});
  const search = made => {
    const wanted = input.value.trim().toLowerCase();
    matching = wanted === '' ? items : items.filter(each => words(each).toLowerCase().includes(wanted));
    told.textContent = matching.length === items.length ? number(items.length) + ' in all'
      : number(matching.length) + ' of ' + number(items.length);
    body.replaceChildren();
    grow(made);
  };
  input.value = same ? document.getElementById(input.id).value : '';
  input.addEventListener('input', () => search(STEP));
  search(same ? Math.max(STEP, before.querySelectorAll('tbody tr').length) : STEP);

  const region = h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    h('table', {'aria-rowcount': items.length + 1},
      h('caption', {class: 'unseen'}, caption),
      h('thead', null, h('tr', null, heads.map(head => h('th', {scope: 'col'}, head)))),
      body));
  region.addEventListener('scroll', () => {
    if (region.scrollTop + region.clientHeight > region.scrollHeight - AHEAD) {
      grow(body.childElementCount + STEP);
    }
  }, {passive: true});
  return h('div', {id, 'data-place': location.hash},
    h('p', {class: 'search'}, h('label', {for: input.id}, 'Search ', name(caption)), input, told), region);
}
