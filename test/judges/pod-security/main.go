// Judges pods by the Pod Security Standards as the API server does: its defaulting, then its own evaluator.
//
// Reads lines {"level":"restricted","version":"1.37","pod":{...}} and answers each with {"allowed":false,"checks":["hostPorts"]}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	defaults "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type question struct {
	Level   string          `json:"level"`
	Version string          `json:"version"`
	Pod     json.RawMessage `json:"pod"`
}

type answer struct {
	Allowed bool     `json:"allowed"`
	Checks  []string `json:"checks"`
}

// judges holds an evaluator of each check alone, because results do not say whose they are.
type judges struct {
	checks     []policy.Check
	evaluators map[string]policy.Evaluator
}

func newJudges() (*judges, error) {
	found := &judges{checks: policy.DefaultChecks(), evaluators: map[string]policy.Evaluator{}}
	for _, check := range found.checks {
		evaluator, err := policy.NewEvaluator([]policy.Check{check}, nil)
		if err != nil {
			return nil, err
		}
		found.evaluators[string(check.ID)] = evaluator
	}
	return found, nil
}

// overridden names the baseline checks that restricted ones stand in for at a version.
func (j *judges) overridden(version api.Version) map[string]bool {
	found := map[string]bool{}
	for _, check := range j.checks {
		var current *policy.VersionedCheck
		for i, one := range check.Versions {
			if !version.Older(one.MinimumVersion) {
				current = &check.Versions[i]
			}
		}
		if current == nil {
			continue
		}
		for _, id := range current.OverrideCheckIDs {
			found[string(id)] = true
		}
	}
	return found
}

func (j *judges) answer(whole policy.Evaluator, asked question) (answer, error) {
	level, err := api.ParseLevel(asked.Level)
	if err != nil {
		return answer{}, err
	}
	version, err := api.ParseVersion("v" + asked.Version)
	if err != nil {
		return answer{}, err
	}
	pod := &corev1.Pod{}
	if err := json.Unmarshal(asked.Pod, pod); err != nil {
		return answer{}, err
	}
	defaults.SetObjectDefaults_Pod(pod)
	given := answer{Allowed: true, Checks: []string{}}
	target := api.LevelVersion{Level: level, Version: version}
	given.Allowed = policy.AggregateCheckResults(whole.EvaluatePod(target, &pod.ObjectMeta, &pod.Spec)).Allowed
	overridden := map[string]bool{}
	if level == api.LevelRestricted {
		overridden = j.overridden(version)
	}
	for _, check := range j.checks {
		id := string(check.ID)
		if overridden[id] {
			continue
		}
		if !policy.AggregateCheckResults(j.evaluators[id].EvaluatePod(target, &pod.ObjectMeta, &pod.Spec)).Allowed {
			given.Checks = append(given.Checks, id)
		}
	}
	if given.Allowed != (len(given.Checks) == 0) {
		return answer{}, fmt.Errorf("the checks one by one (%v) and all together (allowed: %v) disagree", given.Checks, given.Allowed)
	}
	return given, nil
}

func run() error {
	whole, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	each, err := newJudges()
	if err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for line := 1; in.Scan(); line++ {
		var asked question
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		given, err := each.answer(whole, asked)
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := encoder.Encode(given); err != nil {
			return err
		}
	}
	return in.Err()
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
