// Makes elements. Whatever comes from records goes in as text, never as markup.

const FORMATTING = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const LINKS = /^(#|https?:\/\/)/;

/** Names are whatever a client wrote: what would steer the display is written out. */
export function printable(text) {
  return String(text).replace(FORMATTING, each =>
    each === '\n' ? ' ' : '\\u' + each.codePointAt(0).toString(16).toUpperCase().padStart(4, '0'));
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) {
    return;
  }
  if (name === 'on') {
    Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
  } else if (name === 'href' && !LINKS.test(value)) {
    throw new Error('a link leads nowhere: ' + value);
  } else {
    element.setAttribute(name, value === true ? '' : value);
  }
}

function fill(element, attributes, children) {
  Object.entries(attributes || {}).forEach(([name, value]) => set(element, name, value));
  children.flat(Infinity).forEach(child => {
    if (child === null || child === undefined || child === false) {
      return;
    }
    element.append(child instanceof Node ? child : printable(child));
  });
  return element;
}

/** An element with attributes and children; strings among the children become text. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for pictures. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** A name from a record, apart from the text around it in direction too; arrows stay whole. */
export function name(text) {
  return h('bdi', {class: 'name'}, String(text).split(/(->)/).map(part =>
    part === '->' ? h('span', {class: 'arrow'}, part) : part));
}

/** A row of cells, the first of which names it. */
export function tableRow(cells) {
  return h('tr', null, cells.map((cell, i) => i === 0 ? h('th', {scope: 'row'}, cell) : h('td', null, cell)));
}

/** A table that scrolls by itself; cells are text or elements. */
export function table(caption, heads, rows, empty) {
  if (rows.length === 0) {
    return h('p', {class: 'empty'}, empty || 'Nothing.');
  }
  return h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    h('table', null,
      h('caption', {class: 'unseen'}, caption),
      h('thead', null, h('tr', null, heads.map(head => h('th', {scope: 'col'}, head)))),
      h('tbody', null, rows.map(tableRow))));
}

/** Pairs of a term and what it is; those without a value are left out. */
export function facts(pairs) {
  return h('dl', {class: 'facts'}, pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([term, value]) => h('div', null, h('dt', null, term), h('dd', null, value))));
}

export function section(title, ...children) {
  return h('section', null, h('h2', null, title), children);
}
