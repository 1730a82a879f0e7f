FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/vigilante \
 && /opt/vigilante/bin/pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes --requirement requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/vigilante/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home --uid 10001 vigilante
COPY --from=packages /opt/vigilante /opt/vigilante
WORKDIR /app
COPY bot bot
COPY db db
COPY engine engine
USER vigilante
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot"]
