// Poll: vote, and change the vote while the poll is open. A held vote is counted after a proof of work.
import { call } from "./api.js";
import { all, one, runAction } from "./page.js";
import { proofOfWork } from "./proof_of_work.js";

export async function vote(poll, own) {
  if (!poll || poll.dataset.state !== "open") return;
  const buttons = all("[data-vote]", poll);
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => cast(poll, button, own));
  }
  const { my_vote: myVote, poll: pollAsVoted } = await own;
  if (myVote) choose(poll, myVote);
  if (pollAsVoted) show(poll, pollAsVoted);
}

function cast(poll, button, own) {
  return runAction(button, one("[data-poll-says]", poll), async () => {
    await own; // it gives a new browser the cookie by which its vote is known
    const side = button.dataset.vote;
    const notice = one("[data-poll-says]", poll);
    let now = await castOnce(poll, { side });
    if (now.my_vote_state === "held" && now.challenge?.kind === "proof_of_work") {
      notice.textContent = poll.dataset.checking;
      const proof = await proofOfWork(now.challenge);
      if (proof) now = await castOnce(poll, { side, proof });
    }
    notice.textContent = now.my_vote_state === "held" ? poll.dataset.held : "";
  });
}

async function castOnce(poll, body) {
  const now = await call("PUT", `/api/v1/polls/${poll.dataset.poll}/vote/`, body);
  choose(poll, now.my_vote ?? body.side);
  show(poll, now);
  return now;
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
