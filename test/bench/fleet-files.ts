import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Deployments in a file of the fleet. */
export const PER_FILE = 100;

/** Writes that many plain Deployments, a hundred a file, as a team of people writes them who never heard of us. The same number gives the same bytes. */
export function writeFleet(folder: string, number: number): void {
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < number; first += PER_FILE) {
    const objects = Array.from({ length: Math.min(PER_FILE, number - first) }, (_, at) => deployment(first + at));
    writeFileSync(join(folder, `web-${String(first / PER_FILE).padStart(3, '0')}.yaml`), objects.join('---\n'));
  }
}

const deployment = (number: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${number}
  namespace: team-${number % 50}
  labels:
    app.kubernetes.io/name: web-${number}
    app.kubernetes.io/part-of: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: web-${number}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web-${number}
        app.kubernetes.io/part-of: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web-${number}:1.4.2
          ports:
            - containerPort: 8080
              name: http
          env:
            - name: LOG_LEVEL
              value: "info"
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
`;
