# `make help` lists the targets; bot/up/ holds the logic.
SHELL := /bin/sh
.DEFAULT_GOAL := help
# Where it is set, every start would compile all of Rasa again: ten seconds of CPU.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: run test check bench chaos scale fuzz migration lock doctor clean help

# The first that starts and is new enough: a pyenv shim may be there and refuse to run.
PYTHON = $(or $(shell for p in python3.13 python3.12 python3.11 python3 \
  $$(ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[1-9].*/bin/python 2>/dev/null); do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; \
  done),$(error 需要 Python 3.11 或更新版本，请先安装  Python 3.11 or newer is needed: install it first))
INSTALL = $(PYTHON) -m bot.up.install
VENV = .venv/bin
# Each worker takes what another has left; a worker needs 600 MB, and Redis has 15 databases.
# How many `auto` is: tests/services.py; the tests of the NLU compute, and have one a processor.
PARALLEL = -n auto --maxprocesses 8 --dist worksteal
COMPILE = $(VENV)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header

run: ## 安装并启动全部服务 · install and start everything
	@$(INSTALL) run
	@exec $(VENV)/python -m bot up

test: ## 安装并运行全部测试 · install and run every test
	@$(INSTALL) test
	@nlu/$(VENV)/python -m pytest $(PARALLEL) -q -c nlu/pytest.ini nlu/tests
	@$(VENV)/python -m pytest $(PARALLEL)

check: ## 静态检查 · ruff and mypy
	@$(INSTALL) check
	@$(VENV)/python -m ruff check .
	@$(VENV)/python -m ruff format --check .
	@$(VENV)/python -m mypy

bench: ## 测量整条线，并与 Rasa 对比 · measure the line, and beside Rasa (BENCH=line, crowd, growth, inbox or nlu: one)
	@$(INSTALL) test
	@$(VENV)/python -m tests.bench $(BENCH)

chaos: ## 边出故障边写两万条消息 · twenty thousand messages while everything fails by turns (CHAOS="--messages 500")
	@$(INSTALL) test
	@$(VENV)/python -m tests.chaos $(CHAOS)

scale: ## 两台主机在 nginx 后面，边写边停边升级 · two hosts behind nginx, killed and upgraded while residents write (needs root, nginx)
	@$(INSTALL) test
	@$(VENV)/python -m tests.scale $(SCALE)

fuzz: ## 用一百万条坏输入试 · a million bad inputs, guided by what they reach (FUZZ="--inputs 20000 words")
	@$(INSTALL) test
	@$(VENV)/uv pip install -q --require-hashes -r requirements/fuzz.txt
	@$(VENV)/python -m tests.fuzz $(FUZZ)

migration: ## 写一个迁移 · write a migration for changed tables: name="what it does"
	@$(VENV)/python -m bot new-migration "$(name)"

lock: ## 重新生成依赖锁 · make the lock files again (UPGRADE=--upgrade for newer versions)
	@$(INSTALL) check
	$(COMPILE) $(UPGRADE) --universal --python-version 3.11 requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) $(UPGRADE) --universal --python-version 3.11 requirements/web.in -o requirements/web.txt
	$(COMPILE) $(UPGRADE) --universal --python-version 3.11 -c requirements/web.txt requirements/dev.in -o requirements/dev.txt
	$(COMPILE) $(UPGRADE) --universal --python-version 3.11 requirements/fuzz.in -o requirements/fuzz.txt
	$(COMPILE) $(UPGRADE) --python-version 3.10 --override requirements/nlu-overrides.txt requirements/nlu.in -o requirements/nlu.txt

doctor: ## 检查配置 · look the installation over
	@$(INSTALL) run
	@$(VENV)/python -m bot doctor

clean: ## 删除环境与缓存，保留数据 · remove environments and caches, keep the data
	rm -rf .venv nlu/.venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

help: ## 本列表 · this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile
