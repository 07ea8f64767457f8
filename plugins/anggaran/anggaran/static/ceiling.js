// Says what the ceiling leaves while the amount is typed. The rule is the server's; this only asks and shows.
const form = document.querySelector("[data-room]");
const said = document.getElementById("room");
let waiting = 0;
let asked = 0;

async function ask() {
  const turn = ++asked;
  const address = new URL(form.dataset.room, location.href);
  const { amount, activity_id: activity, office_id: office } = form.elements;
  address.searchParams.set("pagu", amount.value.slice(0, 40));
  if (activity.value) address.searchParams.set("kegiatan", activity.value);
  if (office?.value) address.searchParams.set("opd", office.value);
  try {
    const answer = await (await fetch(address)).json();
    if (turn !== asked) return;
    said.textContent = amount.value ? answer.text : "";
    said.className = `room room-${answer.tone}`;
  } catch {
    said.textContent = "";
  }
}

if (form && said) {
  form.addEventListener("input", (event) => {
    if (!["amount", "activity_id", "office_id"].includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  });
}
