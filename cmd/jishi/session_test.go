package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/signin"
)

func TestSessionLimits(t *testing.T) {
	usual := signin.DefaultLimits
	with := func(change func(*signin.Limits)) signin.Limits {
		l := usual
		change(&l)
		return l
	}
	for _, tt := range []struct {
		name   string
		config sessionConfig
		want   signin.Limits
		says   string
	}{
		{"nothing set", sessionConfig{}, usual, ""},
		{"idle", sessionConfig{Idle: time.Hour, IdleStaff: 20 * time.Minute}, with(func(l *signin.Limits) { l.Idle, l.IdleStaff = time.Hour, 20*time.Minute }), ""},
		{"absolute", sessionConfig{Absolute: 8 * time.Hour}, with(func(l *signin.Limits) { l.Absolute = 8 * time.Hour }), ""},
		{"lock", sessionConfig{Failures: 3, LockFor: 30 * time.Minute}, with(func(l *signin.Limits) { l.Failures, l.LockFor = 3, 30*time.Minute }), ""},
		{"password age", sessionConfig{PasswordDays: "30"}, with(func(l *signin.Limits) { l.PasswordAge = 30 * 24 * time.Hour }), ""},
		{"no password age", sessionConfig{PasswordDays: "0"}, with(func(l *signin.Limits) { l.PasswordAge = 0 }), ""},
		{"second factor of staff", sessionConfig{SecondFactor: "staff"}, with(func(l *signin.Limits) { l.StaffFactor = true }), ""},
		{"second factor of nobody", sessionConfig{SecondFactor: "off"}, usual, ""},
		{"idle too short", sessionConfig{Idle: time.Minute}, usual, "空闲时限"},
		{"negative", sessionConfig{IdleStaff: -time.Hour}, usual, "空闲时限"},
		{"shorter than idle", sessionConfig{Absolute: 10 * time.Minute}, usual, "最长时限"},
		{"a week", sessionConfig{Absolute: 7 * 24 * time.Hour}, usual, "24 小时"},
		{"no failure allowed", sessionConfig{Failures: -1}, usual, "失败次数"},
		{"lock of a moment", sessionConfig{LockFor: time.Second}, usual, "锁定时长"},
		{"password days in words", sessionConfig{PasswordDays: "三十"}, usual, "JISHI_PASSWORD_DAYS"},
		{"negative password days", sessionConfig{PasswordDays: "-1"}, usual, "JISHI_PASSWORD_DAYS"},
		{"second factor of all", sessionConfig{SecondFactor: "everybody"}, usual, "JISHI_SECOND_FACTOR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.config.limits()
			if tt.says != "" {
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("says %v, want %q", err, tt.says)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func TestSessionSettings(t *testing.T) {
	want := sessionConfig{
		Idle: 20 * time.Minute, IdleStaff: 10 * time.Minute, Absolute: 6 * time.Hour, Failures: 4, LockFor: time.Hour,
		PasswordDays: "60", PasswordLength: 12, SecondFactor: "staff",
	}
	environment := map[string]string{
		"JISHI_IDLE": "20m", "JISHI_IDLE_STAFF": "10m", "JISHI_SESSION": "6h", "JISHI_LOCK_AFTER": "4", "JISHI_LOCK_FOR": "1h",
		"JISHI_PASSWORD_DAYS": "60", "JISHI_PASSWORD_LENGTH": "12", "JISHI_SECOND_FACTOR": "staff", "JISHI_SECRET_PREVIOUS_FILES": "a, b",
	}
	if got := settle(t, environment); got.Sessions != want || got.SecretPrevious != "a, b" {
		t.Errorf("from the environment %+v, %q", got.Sessions, got.SecretPrevious)
	}
	flags := []string{"--idle", "20m", "--idle-staff", "10m", "--session", "6h", "--lock-after", "4", "--lock-for", "1h", "--password-days", "60",
		"--password-length", "12", "--second-factor", "staff", "--secret-previous-files", "a, b"}
	if got := settle(t, nil, flags...); got.Sessions != want || got.SecretPrevious != "a, b" {
		t.Errorf("from flags %+v, %q", got.Sessions, got.SecretPrevious)
	}
}

func TestReadSecrets(t *testing.T) {
	key := func(letter string) string { return tempFile(t, "key-"+letter, []byte(strings.Repeat(letter, 40)+"\n")) }
	a, b, c := key("a"), key("b"), key("c")
	short := tempFile(t, "short", []byte("short"))
	for _, tt := range []struct{ name, previous, want, says string }{
		{"none", "", "a", ""},
		{"one", b, "ab", ""},
		{"two with blanks and blank ones", " " + b + " ,, " + c + ",", "abc", ""},
		{"the present one among them", a + "," + b, "ab", ""},
		{"one twice", b + "," + b, "ab", ""},
		{"short", short, "", "密钥太短"},
		{"not there", filepath.Join(t.TempDir(), "none"), "", "没有这个文件"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secrets, err := readSecrets(config{Secret: a, SecretPrevious: tt.previous})
			if tt.says != "" {
				if err == nil || !strings.Contains(sentence(err), tt.says) {
					t.Errorf("says %v, want %q", err, tt.says)
				}
				return
			}
			got := ""
			for _, secret := range secrets {
				got += string(secret[:1])
			}
			if err != nil || got != tt.want {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
	made, err := readSecrets(config{Data: t.TempDir(), SecretPrevious: b})
	if err != nil || len(made) != 2 || bytes.Equal(made[0], made[1]) {
		t.Errorf("with a key of its own: %q, %v", made, err)
	}
}
