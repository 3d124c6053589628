/** Something that stands in one roster at a time. */
export interface Rostered {
  /** Its place; -1 while it stands in none. Belongs to the roster. */
  place: number;
}

/**
 * The members of a busy, changing group. Not a Set: a Set that gains and loses members all the time leaves outgrown
 * tables behind that hold on to members long gone until the next full collection; with short requests that
 * was a tenth of all time.
 */
export class Roster<Member extends Rostered> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: Member): void {
    if (member.place >= 0) return;
    member.place = this.#members.length;
    this.#members.push(member);
  }

  /** The last member takes the place of the one that goes. */
  remove(member: Member): void {
    const { place } = member;
    if (place < 0) return;
    member.place = -1;
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    last.place = place;
    this.#members[place] = last;
  }

  /** Calls for each member; it may remove itself meanwhile. */
  each(call: (member: Member) => void): void {
    for (let index = this.#members.length - 1; index >= 0; index--) {
      const member = this.#members[index];
      if (member) call(member);
    }
  }

  clear(): void {
    this.each((member) => {
      member.place = -1;
    });
    this.#members.length = 0;
  }
}
