// Poll: vote, and change the vote while the poll is open.
import { call } from "./api.js";
import { all, one, runAction } from "./page.js";

export async function vote(poll, own) {
  if (!poll || poll.dataset.state !== "open") return;
  const buttons = all("[data-vote]", poll);
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => cast(poll, button));
  }
  const { my_vote: myVote, poll: pollAsVoted } = await own;
  if (myVote) choose(poll, myVote);
  if (pollAsVoted) show(poll, pollAsVoted);
}

function cast(poll, button) {
  return runAction(button, one("[data-poll-says]", poll), async () => {
    const side = button.dataset.vote;
    const now = await call("PUT", `/api/v1/polls/${poll.dataset.poll}/vote/`, { side });
    choose(poll, now.my_vote ?? side);
    show(poll, now);
  });
}

function choose(poll, side) {
  for (const button of all("[data-vote]", poll)) {
    const isMine = button.dataset.vote === side;
    button.setAttribute("aria-pressed", String(isMine));
    button.textContent = isMine ? button.dataset.mine : button.dataset.other;
    button.closest(".side").classList.toggle("chosen", isMine);
  }
}

function show(poll, now) {
  if (now.total_votes === null) return;
  for (const side of now.sides) {
    one(`[data-share="${side.key}"]`, poll).textContent = side.share;
    one(`[data-votes="${side.key}"]`, poll).textContent = side.votes;
    const bar = one(`[data-bar="${side.key}"]`, poll);
    bar.setAttribute("width", `${side.share}%`);
    if (side.key === "con") bar.setAttribute("x", `${100 - side.share}%`);
  }
  one("[data-total]", poll).textContent = now.total_votes;
  one("[data-results]", poll).hidden = false;
  one("[data-hidden-results]", poll)?.remove();
}
