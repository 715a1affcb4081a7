// Keep the link chart as a PNG: the browser draws the SVG, which knows every script, at twice its size.
(() => {
  "use strict";
  const TWICE = 2;
  for (const button of document.querySelectorAll("[data-chart-png]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const picture = new Image();
      picture.src = button.dataset.chartPng;
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = picture.naturalWidth * TWICE;
      canvas.height = picture.naturalHeight * TWICE;
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = button.dataset.fileName;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
})();
