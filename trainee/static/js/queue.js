// Answers that are given but not yet acknowledged, kept on this device under the person who gave them. The first in is the first to be sent.

const PREFIX = "trainee.queue.";
const memory = new Map();

function read(person) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + person) ?? "[]");
  } catch {
    return memory.get(person) ?? [];
  }
}

function write(person, items) {
  memory.set(person, items);
  try {
    if (items.length) localStorage.setItem(PREFIX + person, JSON.stringify(items));
    else localStorage.removeItem(PREFIX + person);
  } catch {
    // Private windows and full disks: the answer then waits in this tab alone.
  }
}

const alike = (one, other) => one.key === other.key && one.url === other.url;

export class Queue {
  constructor(person) {
    this.person = person;
  }

  get items() {
    return read(this.person);
  }

  get first() {
    return this.items[0];
  }

  /** Add an answer. The same key is kept once, with what was given last (a note may be written again while it waits). */
  add(item) {
    write(this.person, [...this.items.filter((other) => !alike(other, item)), item]);
  }

  /** Forget what was acknowledged, unless it was written again meanwhile. */
  drop(item) {
    write(this.person, this.items.filter((other) => !alike(other, item) || other.body !== item.body));
  }

  /** Whether the browser still belongs to this person: somebody else may have signed in in another tab. */
  get mine() {
    try {
      const now = localStorage.getItem("trainee.person");
      return !now || now === this.person;
    } catch {
      return true;
    }
  }

  claim() {
    try {
      localStorage.setItem("trainee.person", this.person);
    } catch {
      // Without storage there is no other tab to tell.
    }
  }
}
