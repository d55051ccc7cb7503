// Says that a passkey was not used: cancelled, timed out, or not known to this device.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // allauth would write it to the console
  document.querySelector("[data-passkey-failed]").hidden = false;
});
