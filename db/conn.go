package db

import (
	"context"
	"database/sql"
)

// querier runs prepared statements: on a reader's snapshot or in the writer's transaction.
type querier interface {
	query(text string, args ...any) (*sql.Rows, error)
	row(text string, args ...any) *sql.Row
}

// conn is one connection with its prepared statements, kept by their text. Texts come from code, so their number is
// bounded. It serves one goroutine at a time.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
	ctx   context.Context // of the snapshot being read; the writer never gives up half-way
}

func newConn(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{c: c, stmts: map[string]*sql.Stmt{}, ctx: context.Background()}, nil
}

func (c *conn) close() error {
	for _, stmt := range c.stmts {
		stmt.Close()
	}
	return c.c.Close()
}

func (c *conn) stmt(text string) (*sql.Stmt, error) {
	if stmt, ok := c.stmts[text]; ok {
		return stmt, nil
	}
	stmt, err := c.c.PrepareContext(context.Background(), text)
	if err == nil {
		c.stmts[text] = stmt
	}
	return stmt, err
}

func (c *conn) query(text string, args ...any) (*sql.Rows, error) {
	stmt, err := c.stmt(text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(c.ctx, args...)
}

func (c *conn) row(text string, args ...any) *sql.Row {
	stmt, err := c.stmt(text)
	if err != nil {
		return c.c.QueryRowContext(c.ctx, text, args...) // its Scan reports the same error
	}
	return stmt.QueryRowContext(c.ctx, args...)
}

func (c *conn) exec(text string, args ...any) (sql.Result, error) {
	stmt, err := c.stmt(text)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(context.Background(), args...)
}

func (c *conn) run(text string, args ...any) error {
	_, err := c.exec(text, args...)
	return err
}

// snapshot runs fn in a read transaction.
func (c *conn) snapshot(ctx context.Context, fn func(querier) error) error {
	c.ctx = ctx
	defer func() { c.ctx = context.Background() }()
	if err := c.run("BEGIN"); err != nil {
		return err
	}
	defer c.run("ROLLBACK")
	return fn(c)
}
