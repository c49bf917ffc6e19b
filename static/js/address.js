// A page with an error is the answer to a form. Going back to it later asks for the page anew, not to send the form again.
history.replaceState(null, "", location.href);
