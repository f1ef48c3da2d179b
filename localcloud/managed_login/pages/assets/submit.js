// Goes on to the other site without waiting for the button.
document.getElementById("hand-over").submit();
