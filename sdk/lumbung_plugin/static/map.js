// Turns the drawings of maps into maps to move and zoom. Leaflet is fetched only when the page holds one.
"use strict";
(() => {
  const { leaflet, style } = document.currentScript.dataset;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const PLACES = 6;

  const kindOf = ({ geometry }) => (geometry.type.endsWith("Point") ? "point" : geometry.type.endsWith("Polygon") ? "area" : "line");
  const TONES = ["plain", "info", "good", "warn", "wrong", "base"];
  const ORDER = ["area", "line", "point"];

  const looks = (feature) => {
    const { tone, colour } = feature.properties || {};
    const own = /^#[0-9a-f]{6}$/i.test(colour) ? colour : "";
    const shape = { className: `map-${kindOf(feature)} ${own ? "map-own" : `map-${TONES.includes(tone) ? tone : "info"}`}` };
    return own ? { ...shape, color: own, fillColor: own } : shape;
  };

  const paragraph = (text, tag = "p") => Object.assign(document.createElement(tag), { textContent: text });

  const card = ({ name, note, url }, words) => {
    const box = document.createElement("div");
    if (name) box.append(paragraph(name, "strong"));
    if (note) box.append(paragraph(note));
    if (url && /^(\/(?![/\\])|https?:\/\/)/.test(url)) {
      const link = Object.assign(paragraph(words.more, "a"), { href: url });
      const line = document.createElement("p");
      line.append(link);
      box.append(line);
    }
    return box;
  };

  // Areas first, points last: nothing hides what is smaller.
  const layerOf = (data, words, base) => L.geoJSON(data.features.slice().sort((a, b) => ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b))), {
    filter: ({ properties }) => ((properties || {}).tone === "base") === base,
    style: looks,
    interactive: !base,
    pane: base ? "base" : "overlayPane",
    pointToLayer: (feature, place) => L.circleMarker(place, { radius: data.features.length > 30 ? 6 : 8, ...looks(feature) }),
    onEachFeature: (feature, layer) => {
      const { name, note, url } = feature.properties || {};
      if (base) {
        if (name && layer.getBounds) layer.bindTooltip(paragraph(name, "span"), { permanent: true, direction: "center", className: "map-name", pane: "names" });
        return;
      }
      if (name) layer.bindTooltip(paragraph(name, "span"), { sticky: true });
      if (name || note || url) layer.bindPopup(card(feature.properties, words)).on("popupopen", () => layer.closeTooltip());
    },
  });

  const fit = (map, layers, centre) => {
    const bounds = L.latLngBounds([]);
    layers.forEach((layer) => bounds.extend(layer.getBounds()));
    if (bounds.isValid()) {
      map.fitBounds(bounds, { padding: [18, 18], maxZoom: 16, animate: false });
      map.setMinZoom(Math.max(map.getZoom() - 2, 1));
    } else {
      map.setView(centre || [-2, 118], centre ? 14 : 4);
    }
  };

  // Names that would lie upon each other wait until somebody comes nearer.
  const thin = (map) => {
    const shown = [];
    map.getPane("names").querySelectorAll(".map-name").forEach((name) => {
      const box = name.getBoundingClientRect();
      const hit = shown.some((one) => box.left < one.right && one.left < box.right && box.top < one.bottom && one.top < box.bottom);
      name.classList.toggle("map-name-away", hit);
      if (!hit) shown.push(box);
    });
  };

  const live = (box) => {
    const words = box.dataset;
    const place = document.createElement("div");
    place.className = "map-live";
    box.replaceChildren(place);
    const map = L.map(place, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25,
      zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, maxZoom: 19 });
    // The city lies beneath, with its names, and what the map is about above both.
    map.createPane("base").style.zIndex = 350;
    map.createPane("names").style.zIndex = 360;
    L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
    // The wheel scrolls the page until somebody has taken hold of the map.
    map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
    map.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close));
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", words.title);
    return map;
  };

  const show = async (box) => {
    const words = box.dataset;
    const drawn = JSON.parse(words.map);
    const map = live(box);
    const layers = [layerOf(drawn, words, true).addTo(map), layerOf(drawn, words, false).addTo(map)];
    const centre = words.centre ? words.centre.split(",").map(Number) : null;
    fit(map, layers, centre);
    map.on("zoomend", () => thin(map));
    thin(map);
    if (words.lat) pick(box, map);
    if (words.url) {
      const answer = await fetch(words.url, { headers: { Accept: "application/geo+json, application/json" } });
      if (!answer.ok) return;
      layers.push(layerOf(await answer.json(), words, false).addTo(map));
      fit(map, layers, centre);
    }
  };

  const pick = (box, map) => {
    const lat = document.getElementById(box.dataset.lat), lon = document.getElementById(box.dataset.lon);
    const panel = box.parentElement, status = panel.querySelector("[role=status]"), here = panel.querySelector("[data-act=here]");
    const icon = L.divIcon({ className: "map-pin", iconSize: [36, 46], iconAnchor: [18, 45],
      html: '<svg viewBox="0 0 36 46" aria-hidden="true"><path d="M18 45C8 31 2 25 2 17a16 16 0 0 1 32 0c0 8-6 14-16 28z"/><circle cx="18" cy="17" r="5"/></svg>' });
    let pin = null;
    const put = (place, write = true) => {
      if (!pin) {
        pin = L.marker(place, { icon, draggable: true, keyboard: false, alt: box.dataset.pin, title: box.dataset.pin }).addTo(map);
        pin.on("dragend", () => put(pin.getLatLng()));
      }
      pin.setLatLng(place);
      if (!write) return;
      lat.value = place.lat.toFixed(PLACES);
      lon.value = place.lng.toFixed(PLACES);
      status.textContent = status.dataset.chosen;
    };
    const typed = () => {
      const [y, x] = [lat, lon].map((field) => parseFloat(field.value.replace(",", ".")));
      if (!(Math.abs(y) <= 90 && Math.abs(x) <= 180)) return;
      put(L.latLng(y, x), false);
      map.setView([y, x], Math.max(map.getZoom(), 15), { animate: false });
    };
    map.on("click", ({ latlng }) => put(latlng.wrap()));
    [lat, lon].forEach((field) => field.addEventListener("change", typed));
    panel.querySelector("[data-act=middle]").addEventListener("click", () => put(map.getCenter()));
    here.hidden = !("geolocation" in navigator && window.isSecureContext);
    here.addEventListener("click", () => {
      status.textContent = status.dataset.wait;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { put(L.latLng(coords.latitude, coords.longitude)); map.setView(pin.getLatLng(), 16); },
        () => { status.textContent = status.dataset.failed; },
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
    typed();
  };

  const bring = (tag, attributes) => new Promise((done, failed) => {
    const element = Object.assign(document.createElement(tag), attributes, { onload: done, onerror: failed });
    document.head.append(element);
  });

  const start = async () => {
    const boxes = document.querySelectorAll("[data-map]");
    if (!boxes.length) return;
    // The theme's own rules come after Leaflet's, so that they win.
    const own = document.querySelector('link[href*="map.css"]');
    await Promise.all([bring("link", { rel: "stylesheet", href: style }), bring("script", { src: leaflet })]);
    if (own) document.head.append(own);
    for (const box of boxes) {
      if (box.parentElement.hidden) box.parentElement.hidden = false;
      await show(box).catch(console.error);
    }
  };
  start().catch(() => {});  // without Leaflet the drawings stay
})();
