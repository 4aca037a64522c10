// A server for tests, in the place of the socket: it answers what a test tells it to, and goes and comes as it is told.
import { Lost } from "../src/link.js";

export class FakeWire {
  sent = []; // [command, data] in the order in which they came
  hears;
  up = false;
  answers = {}; // by command: a value, or a function of the arguments
  waiting = []; // calls that are held back
  hold = false;

  connect(hears) {
    this.hears = hears;
  }
  disconnect() {
    this.up = false;
    this.hears = undefined;
  }
  rpc(command, data) {
    this.sent.push([command, data]);
    return new Promise((resolve, reject) => {
      const call = { command, data, resolve, reject };
      if (this.hold) this.waiting.push(call);
      else this.answer(call);
    });
  }
  answer({ command, data, resolve }) {
    const known = this.answers[command];
    const answer = typeof known === "function" ? known(data.args, data) : known;
    resolve(answer?.errorCode ? answer : { result: answer ?? null });
  }
  /** Lets the browser in. */
  async come(welcome = {}) {
    this.up = true;
    this.hears.connected({ userId: "maya", user: null, expiresAt: null, seq: 0, ...welcome });
    await settled();
  }
  /** Drops the connection; calls under way are lost. */
  async go() {
    this.hears.lost();
    for (const call of this.waiting.splice(0)) call.reject(new Lost());
    await settled();
  }
  async frame(frame) {
    this.hears.frame(frame);
    await settled();
  }
  get commands() {
    return this.sent.map(([command]) => command);
  }
}

/** Waits until all that is under way without a clock has happened. */
export const settled = async () => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};
